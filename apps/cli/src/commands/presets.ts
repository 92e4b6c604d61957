import { Command } from '@commander-js/extra-typings';
import Table from 'cli-table3';
import { resolveConfig } from '../config/resolve';
import type { Context } from '../context';
import type { Io } from '../io';
import { getPreset, presets } from '../presets';
import { createOutput } from '../terminal/output';
import { wrap } from '../terminal/wrap';
import { options } from './shared-options';

const text = {
  list: 'list the presets',
  show: 'show the full configuration that a preset stands for',
  json: 'print one JSON document on stdout',
};

/** `list` and `show`, for which it reads the options; the command alone lists, and with a name shows. */
export function presetsCommand({ io }: Context) {
  const listCommand = new Command('list')
    .summary(text.list)
    .description('List the presets.')
    .option('--json', text.json)
    .addOption(options.verbose())
    .addHelpText('after', '\nExample:\n  $ xcp presets list --json')
    .action((_, command) => list(io, command.optsWithGlobals().json ?? false));
  const showCommand = new Command('show')
    .summary(text.show)
    .description('Show the full configuration that a preset stands for, defaults included.')
    .argument('<name>', 'a preset')
    .option('--json', text.json)
    .addOption(options.verbose())
    .addHelpText('after', '\nExample:\n  $ xcp presets show reference-32-adam')
    .action((name, _, command) => show(io, name, command.optsWithGlobals().json ?? false));
  return new Command('presets')
    .summary('list the presets, or show one in full')
    .description('List the presets; with a name, show the full configuration it stands for.')
    .argument('[name]', 'a preset')
    .option('--json', text.json)
    .addOption(options.verbose())
    .addCommand(listCommand)
    .addCommand(showCommand)
    .addHelpText('after', '\nExample:\n  $ xcp presets reference-32-adam')
    .action((name, { json = false }) => (name === undefined ? list(io, json) : show(io, name, json)));
}

function list(io: Io, json: boolean): void {
  const output = createOutput(io, json);
  output.emit(presets.map(({ name, description }) => ({ name, description })));
  output.say(presetTable());
  output.say('xcp presets show NAME shows one in full;\nxcp train --preset NAME trains it.');
}

function show(io: Io, name: string, json: boolean): void {
  const output = createOutput(io, json);
  const preset = getPreset(name);
  const config = resolveConfig(preset.config);
  output.emit({ name, description: preset.description, config });
  output.say(`${wrap(preset.description, io.stdout.columns ?? 80)}\n`);
  output.say(JSON.stringify(config, null, 2));
}

function presetTable(): string {
  const table = new Table({
    head: ['preset', 'size', 'batch', 'epochs', 'optimizer'],
    colAligns: ['left', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const preset of presets) {
    const { data, batchSize, epochs, optimizer } = resolveConfig(preset.config);
    table.push([preset.name, data.size, batchSize, epochs, optimizer.name]);
  }
  return table.toString();
}
