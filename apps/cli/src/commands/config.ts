import { Command } from '@commander-js/extra-typings';
import { type ConfigKey, configKeys } from '../config/describe-keys';
import { configJsonSchema } from '../config/json-schema';
import { choiceLines, defaultText, kindsText, valueText } from '../config/key-text';
import { nearestKey } from '../config/known-keys';
import type { Context } from '../context';
import { UserError } from '../errors';
import { createOutput, type Output } from '../terminal/output';
import { wrap } from '../terminal/wrap';
import { options } from './shared-options';

export function configCommand({ io }: Context) {
  return new Command('config')
    .summary('explain the keys of the configuration')
    .description(
      'Explain every key that --set and --config take, those of a section, or one: its values, its default, its meaning.',
    )
    .argument('[key]', 'a section or a key, such as optimizer or data.crop.padding')
    .option(
      '--json',
      'print the JSON Schema of a configuration file, or with a key what is said of it, as one JSON document',
    )
    .addOption(options.verbose())
    .addHelpText('after', '\nExample:\n  $ xcp config schedule.warmup')
    .action((key, { json = false }) => {
      const output = createOutput(io, json);
      const keys = keysAt(key);
      if (json) {
        output.emit(key === undefined ? configJsonSchema() : keys);
        return;
      }
      output.say(keys.map((each) => entry(each, io.stdout.columns ?? 80, output.colors)).join('\n\n'));
    });
}

/** The key and those in it. */
function keysAt(key: string | undefined): ConfigKey[] {
  const all = configKeys();
  if (key === undefined) return all;
  const within = [`${key}.`, `${key}[]`];
  const found = all.filter((each) => each.key === key || within.some((start) => each.key.startsWith(start)));
  if (found.length > 0) return found;
  const near = nearestKey(key);
  throw new UserError(
    `config: the key must be one that \`xcp config\` lists, received "${key}"${near ? `; did you mean "${near}"?` : ''}`,
  );
}

function entry(key: ConfigKey, columns: number, colors: Output['colors']): string {
  const indent = (text: string) =>
    wrap(text, columns - 2)
      .split('\n')
      .map((line) => `  ${line}`);
  const standard = defaultText(key);
  const values =
    standard === undefined ? valueText(key) : `${valueText(key)}; ${standardText(key, standard)}`;
  const [title = '', ...kinds] = wrap(`${key.key} ${kindsText(key)}`.trim(), columns).split('\n');
  return [
    title.replace(key.key, colors.bold(key.key)),
    ...kinds.map((line) => `  ${line}`),
    ...indent(values),
    ...indent(key.description),
    ...choiceLines(key).flatMap(indent),
  ].join('\n');
}

const standardText = (key: ConfigKey, standard: string) => (key.required ? standard : `default ${standard}`);
