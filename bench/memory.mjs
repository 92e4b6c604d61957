// The memory that `describe` of @xcp/xception tells, beside what the xcp engine takes.
// Usage: pnpm bench --memory [--write FILE]

import { parseArgs } from 'node:util';
import { compareMemory, memoryTable } from './memory/compare.mjs';
import { points, tinyPoints } from './memory/points.mjs';
import { commandLine } from './report/command-line.mjs';
import { machine, machineLine } from './report/machine.mjs';
import { replaceSection } from './report/replace-section.mjs';

const { values: options } = parseArgs({
  options: {
    memory: { type: 'boolean' },
    tiny: { type: 'boolean', default: false },
    write: { type: 'string' },
  },
});

const rows = (options.tiny ? tinyPoints : points).map((point) => ({
  ...point,
  memory: compareMemory(point),
}));
const table = memoryTable(rows, { command: commandLine(), machineLine: machineLine(machine()) });
console.log(table);
if (options.write) replaceSection(options.write, 'memory', table);
