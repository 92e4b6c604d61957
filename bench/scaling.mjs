// How time and memory grow with the batch, the size of the images and the threads: JSON, an SVG figure, a table.
// Usage: pnpm bench --scaling [--only xcp] [--rounds 3] [--from FILE | --out FILE] [--figure FILE] [--write FILE]

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { commandLine } from './report/command-line.mjs';
import { machine, machineLine } from './report/machine.mjs';
import { replaceSection } from './report/replace-section.mjs';
import { scalingFigure } from './scaling/figure.mjs';
import { measureSweeps } from './scaling/measure.mjs';
import { sweeps, tinySweeps } from './scaling/sweeps.mjs';
import { scalingTable } from './scaling/table.mjs';

const { values: options } = parseArgs({
  options: {
    scaling: { type: 'boolean' },
    only: { type: 'string', default: 'xcp' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '0.5' },
    tiny: { type: 'boolean', default: false },
    from: { type: 'string' },
    out: { type: 'string' },
    figure: { type: 'string' },
    write: { type: 'string' },
  },
});

const result = options.from ? JSON.parse(readFileSync(options.from, 'utf8')) : await measure();
const table = scalingTable(result.rows, result);
console.log(table);
if (options.out) writeFileSync(options.out, `${JSON.stringify(result, null, 1)}\n`);
if (options.figure) writeFileSync(options.figure, scalingFigure(result.rows));
if (options.write) {
  const alt = 'Images per second and peak memory against batch, image size and threads';
  const image = options.figure && `![${alt}](${relative(dirname(options.write), options.figure)})\n`;
  replaceSection(options.write, 'scaling', [image, table].filter(Boolean).join('\n'));
}

async function measure() {
  const rows = await measureSweeps(options.tiny ? tinySweeps : sweeps, {
    contender: options.only,
    rounds: Number(options.rounds),
    seconds: Number(options.seconds),
    log: (line) => console.error(line),
  });
  const command = commandLine();
  return { command, machineLine: machineLine(machine()), rows };
}
