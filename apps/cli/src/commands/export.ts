import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, Option } from '@commander-js/extra-typings';
import type { Context } from '../context';
import { chooseEngine } from '../engines/choose-engine';
import { messageOf, UserError } from '../errors';
import { type ExportFormat, exportFormats, exportTrained } from '../exporting/export-trained';
import { displayPath } from '../run-folder/display-path';
import { createOutput } from '../terminal/output';
import { modelPath } from '../trained/model-path';
import { openTrained } from '../trained/open-trained';
import { options, whatAModelIs } from './shared-options';

const formats = Object.keys(exportFormats) as ExportFormat[];

export function exportCommand(context: Context) {
  return new Command('export')
    .summary('write a trained model for other programs')
    .description('Write a trained model in a form that other programs read.')
    .argument('<model>', whatAModelIs)
    .addOption(new Option('--format <name>', 'which form').choices(formats).makeOptionMandatory())
    .requiredOption('--out <path>', 'the file, or for tfjs and tfjs-graph the folder; must be new')
    .option('--labels <file>', 'names of the classes, one per line, in place of those of the training')
    .addOption(
      new Option('--names <kind>', 'of the tensors in safetensors')
        .choices(['xcp', 'keras', 'timm'] as const)
        .default('xcp' as const),
    )
    .addOption(
      new Option('--float <type>', 'of the numbers in safetensors')
        .choices(['F32', 'F16'] as const)
        .default('F32' as const),
    )
    .addOption(options.engine().default('auto' as const))
    .addOption(options.device())
    .option('--json', 'print one JSON document on stdout, and text for people on stderr')
    .addOption(options.verbose())
    .addHelpText(
      'after',
      `\nFormats:\n${Object.entries(exportFormats)
        .map(([name, what]) => `  ${name.padEnd(12)}${what}`)
        .join(
          '\n',
        )}\n\nExample:\n  $ xcp export runs/quickstart-20261124-090507 --format onnx --out xception.onnx`,
    )
    .action(async (path, given) => {
      const { io, services } = context;
      const output = createOutput(io, given.json ?? false);
      const labels = given.labels === undefined ? undefined : readLabels(resolve(io.cwd, given.labels));
      const out = resolve(io.cwd, given.out);
      await chooseEngine(given, services.engines);
      const trained = await openTrained(modelPath(path, io.cwd));
      try {
        await exportTrained(trained, { ...given, path: out, labels });
      } finally {
        trained.model.dispose();
      }
      const shown = displayPath(out, io.cwd);
      output.say(`${shown}  ${given.format}, weights ${trained.weights}`);
      const { size } = statSync(out);
      output.emit({ format: given.format, path: shown, weights: trained.weights, bytes: size });
    });
}

function readLabels(path: string): string[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
  } catch (error) {
    throw new UserError(
      `--labels: must be a file with a name per line, received "${path}" (${messageOf(error)})`,
    );
  }
}
