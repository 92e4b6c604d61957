import { Command } from '@commander-js/extra-typings';
import Table from 'cli-table3';
import { resolveConfig } from '../config/resolve';
import type { Context } from '../context';
import { getPreset, presets } from '../presets';
import { createOutput } from '../terminal/output';
import { wrap } from '../terminal/wrap';
import { options } from './shared-options';

export function presetsCommand({ io }: Context) {
  return new Command('presets')
    .summary('list the presets, or show one in full')
    .description('List the presets; with a name, show the full configuration it stands for.')
    .argument('[name]', 'a preset')
    .option('--json', 'print one JSON document on stdout')
    .addOption(options.verbose())
    .addHelpText('after', '\nExample:\n  $ xcp presets reference-32-adam')
    .action((name, { json = false }) => {
      const output = createOutput(io, json);
      if (name === undefined) {
        output.emit(presets.map(({ name, description }) => ({ name, description })));
        output.say(presetTable());
        output.say('xcp presets NAME shows one in full; xcp train --preset NAME trains it.');
        return;
      }
      const preset = getPreset(name);
      const config = resolveConfig(preset.config);
      output.emit({ name, description: preset.description, config });
      output.say(`${wrap(preset.description, io.stdout.columns ?? 80)}\n`);
      output.say(JSON.stringify(config, null, 2));
    });
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
