import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe } from '@xcp/xception';
import { configOf } from '../network/model.mjs';

const program = fileURLToPath(new URL('./measure.mjs', import.meta.url));

/** Bytes that `describe` tells of a point, and that a process of its own measures, in training and in inference. */
export function compareMemory(point) {
  const { memory } = describe(configOf(point), { batch: point.batch });
  return ['training', 'inference'].map((kind) => {
    const output = execFileSync(process.execPath, [program, JSON.stringify({ ...point, kind })], {
      encoding: 'utf8',
    });
    const measured = Number(output.trim().split('\n').at(-1));
    return { kind, described: memory[kind], measured, error: memory[kind] / measured - 1 };
  });
}

const mib = (bytes) => (bytes / 2 ** 20).toFixed(0);
const percent = (share) => `${(100 * share).toFixed(1)} %`;

/** A line for each point. */
export function memoryTable(rows, { command, machineLine }) {
  return [
    '| network | px | batch | training: described MiB | measured | error | inference: described MiB | measured | error |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows.map(
      ({ name, size, batch, memory }) =>
        `| ${[
          ...[name, size, batch],
          ...memory.flatMap(({ described, measured, error }) => [
            mib(described),
            mib(measured),
            percent(error),
          ]),
        ].join(' | ')} |`,
    ),
    '',
    `\`${command}\`; ${machineLine}.`,
  ].join('\n');
}
