import { html, Markup } from './markup';
import { hoverScript } from './script';
import { style } from './style';

/** A whole page in one file, that asks the network for nothing. */
export function page(title: string, content: Markup, script = ''): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; connect-src 'self'">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Markup(style)}</style>
</head>
<body>
<main>
${content}
</main>
<script>${new Markup(hoverScript + script)}</script>
</body>
</html>
`.text;
}
