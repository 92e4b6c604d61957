/** A piece of HTML that needs no escaping. */
export class Markup {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

export type Content = Markup | string | number | null | undefined | false | readonly Content[];

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

function written(content: Content): string {
  if (content === null || content === undefined || content === false) return '';
  if (content instanceof Markup) return content.text;
  return Array.isArray(content) ? content.map(written).join('') : escaped(String(content));
}

/**
 * HTML of a template: whatever is put in is escaped, unless it is {@link Markup} itself; lists are joined; `null`,
 * `undefined` and `false` leave nothing.
 *
 * @example html`<p>${'1 < 2'}</p>`.text // '<p>1 &lt; 2</p>'
 */
export function html(strings: TemplateStringsArray, ...contents: Content[]): Markup {
  return new Markup(
    strings.map((text, i) => text + (i < contents.length ? written(contents[i]) : '')).join(''),
  );
}

/** Data for a script of the page, safe within `<script type="application/json">`. */
export function json(value: unknown): Markup {
  return new Markup(JSON.stringify(value).replaceAll('<', '\\u003c'));
}
