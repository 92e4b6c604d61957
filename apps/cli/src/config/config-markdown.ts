import { type ConfigKey, configKeys } from './describe-keys';
import { choiceLines, defaultText, kindsText, valueText } from './key-text';

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text: string | undefined) => (text === undefined ? '' : `\`${text}\``);

function row(key: ConfigKey): string {
  const standard = key.required ? 'required' : code(defaultText(key));
  const meaning = [key.description, ...choiceLines(key)].join('<br>');
  return `| ${[`${code(key.key)} ${kindsText(key)}`.trim(), valueText(key), standard, meaning].map(cell).join(' | ')} |`;
}

const table = (keys: readonly ConfigKey[]) =>
  ['| key | value | default | meaning |', '|---|---|---|---|', ...keys.map(row)].join('\n');

const opening = `# Configuration

What \`--set key=value\` and \`--config\` of \`xcp train\` take; \`xcp config KEY\` shows the same in a terminal. Names in
parentheses are the kinds (\`name\`) of the section that a key goes with; \`[]\` stands for any place of a list. A default
left empty is decided elsewhere, as the meaning says.

Written by \`npm run config-docs\` from the schema in \`apps/cli/src/config\`: change it there.`;

/**
 * Every key of a run configuration as a Markdown page: a table for the run, and one for each section.
 *
 * @example writeFileSync('configuration.md', configMarkdown())
 */
export function configMarkdown(): string {
  const keys = configKeys();
  const names = [...new Set(keys.map(({ key }) => key.split('.')[0]!))];
  const sections = names.map((name) => keys.filter(({ key }) => key === name || key.startsWith(`${name}.`)));
  const ofTheRun = sections.filter(({ length }) => length === 1).flat();
  const others = sections.filter(({ length }) => length > 1);
  const parts = [
    opening,
    `## The run\n\n${table(ofTheRun)}`,
    ...others.map(([section, ...own]) => `${heading(section!)}\n\n${table(own)}`),
  ];
  return `${parts.join('\n\n')}\n`;
}

function heading(section: ConfigKey): string {
  const standard = code(defaultText(section));
  const value = valueText(section);
  const facts = [...(value === 'object' ? [] : [value]), ...(standard ? [`default ${standard}`] : [])];
  const aside = facts.length > 0 ? ` (${facts.join('; ')})` : '';
  return `## ${section.key}\n\n${section.description}${aside}`;
}
