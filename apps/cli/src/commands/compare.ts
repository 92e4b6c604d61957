import { Command } from '@commander-js/extra-typings';
import { readCompared } from '../compare/compared-run';
import { compare } from '../compare/comparison';
import { comparisonPage } from '../compare/comparison-page';
import { differenceTable, groupLines, runTable } from '../compare/comparison-text';
import type { Context } from '../context';
import { UserError } from '../errors';
import { displayPath } from '../run-folder/display-path';
import { outputFile, writeOutput } from '../run-folder/write-output';
import { createOutput } from '../terminal/output';
import { wrap } from '../terminal/wrap';
import { options } from './shared-options';

export function compareCommand({ io }: Context) {
  return new Command('compare')
    .summary('lay runs beside each other')
    .description(
      'Lay runs beside each other, finished or not: what they came to, where their configurations differ, and, for ' +
        'runs that differ in the seed alone, mean, spread and significance.',
    )
    .argument('<runs...>', 'the folders of runs')
    .option('--html <file>', 'write a page with their curves over each other')
    .option('--json', 'print one JSON document on stdout, and text for people on stderr')
    .addOption(options.verbose())
    .addHelpText('after', '\nExample:\n  $ xcp compare runs/a runs/b runs/c --html compare.html')
    .action((names, given) => {
      const output = createOutput(io, given.json ?? false);
      if (names.length < 2) throw new UserError(`compare: takes two runs at least, received ${names.length}`);
      const page = outputFile('--html', given.html, io.cwd);
      const runs = names.map((name) => readCompared(name, io.cwd));
      const comparison = compare(runs);
      output.say(runTable(runs, output.columns));
      output.say('');
      for (const line of groupLines(comparison).join('\n').split('\n')) {
        output.say(wrap(line, output.columns));
      }
      output.say('');
      output.say(
        comparison.differences.length > 0
          ? differenceTable(comparison, output.columns)
          : 'Their configurations are the same.',
      );
      if (page) {
        writeOutput(page, comparisonPage(runs, comparison));
        output.say(`\n${displayPath(page.path, io.cwd)}`);
      }
      output.emit({
        runs: runs.map(({ name, validation, result, seconds, record }) => ({
          run: name,
          validation: validation ?? null,
          test: result?.test?.accuracy ?? null,
          seconds,
          seed: record.config.seed,
        })),
        ...comparison,
      });
    });
}
