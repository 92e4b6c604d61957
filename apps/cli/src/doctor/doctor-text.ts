import { formatBytes } from '../planning/parse-bytes';
import type { Output } from '../terminal/output';
import { wrap } from '../terminal/wrap';
import type { DataFacts } from './data-facts';
import type { DoctorReport } from './doctor';
import type { EngineFacts } from './engine-facts';
import type { SystemFacts } from './system-facts';

const MARKS = { trains: 'ok', wrong: 'WRONG', fails: 'fails', missing: '–' } as const;
const INDENT = ' '.repeat(11);

/** The report for people, wrapped to so many columns. */
export function doctorText(
  { system, data, engines, auto }: DoctorReport,
  columns: number,
  colors: Output['colors'],
) {
  const paint = { trains: colors.green, wrong: colors.red, fails: colors.red, missing: colors.dim };
  const lines = [...systemLines(system), ['data', dataText(data)]].map(([name, text]) =>
    entry(name!.padEnd(INDENT.length), text!, columns),
  );
  for (const engine of engines) {
    lines.push(entry(engine.name.padEnd(INDENT.length), engineText(engine, paint[engine.state]), columns));
    if (engine.remedy) lines.push(entry(INDENT, `→ ${engine.remedy}`, columns));
  }
  const end = auto === null ? 'Nothing here can train.' : `--engine auto takes ${auto}.`;
  return [...lines, end].join('\n');
}

function entry(head: string, text: string, columns: number): string {
  return wrap(text, Math.max(20, columns - INDENT.length))
    .split('\n')
    .map((line, i) => (i === 0 ? head : INDENT) + line)
    .join('\n');
}

function systemLines({ runtime, platform, versions, processor, memory }: SystemFacts): string[][] {
  const { model, count, instructionSets, quota, threads } = processor;
  const sets = instructionSets.length > 0 ? ` with ${instructionSets.join(', ')}` : '';
  const share = quota === null ? '' : `; the container allows ${quota}`;
  const most =
    memory.container === null ? '' : `, of which the container allows ${formatBytes(memory.container)}`;
  return [
    [
      'runtime',
      `${runtime} on ${platform}; xcp ${versions.xcp}, TensorFlow.js ${versions['@tensorflow/tfjs-core']}`,
    ],
    ['processor', `${count} × ${model}${sets}${share}; ${threads} for the kernels`],
    ['memory', `${formatBytes(memory.total)}${most}; tensors may take ${formatBytes(memory.limit)}`],
  ];
}

function dataText({ directory, files, proved, damaged, free }: DataFacts): string {
  const there =
    proved === files
      ? `CIFAR-10 is there, all ${files} files proved`
      : `${proved} of ${files} files of CIFAR-10 are there; \`xcp data get\` fetches what is missing`;
  const broken = damaged.length > 0 ? `; damaged: ${damaged.join(', ')}` : '';
  const space = free === null ? '' : `; ${formatBytes(free)} free`;
  return `${directory}: ${there}${broken}${space}`;
}

function engineText(
  { state, detail, milliseconds, difference }: EngineFacts,
  paint: (text: string) => string,
) {
  const speed = milliseconds === null ? '' : `; a small step takes ${milliseconds.toPrecision(3)} ms`;
  const agreement =
    difference === null || difference === 0
      ? ''
      : `, losses ${state === 'wrong' ? 'DIFFER from' : 'agree with'} cpu's to ${difference.toExponential(0)}`;
  return `${paint(MARKS[state])} ${detail}${speed}${agreement}`;
}
