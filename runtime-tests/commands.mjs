// Every command of `xcp` in one runtime, as a user goes through them.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { experiment } from './experiment.mjs';

const fixtures = new URL('../apps/cli/src/images/fixtures/images.json', import.meta.url);
const jpeg = () => Buffer.from(JSON.parse(readFileSync(fixtures, 'utf8')).decoded.jpeg.file, 'base64');

/** Writes what the commands read. */
export function writeInputs(folder) {
  const { data, model, batchSize } = experiment;
  const sweep = { config: { epochs: 1, batchSize, data, model }, grid: { seed: [0, 1] } };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(experiment));
  writeFileSync(join(folder, 'sweep.json'), JSON.stringify(sweep));
  writeFileSync(join(folder, 'picture.jpg'), jpeg());
}

const config = ['--config', 'config.json'];

/**
 * Arguments of `xcp` to be run one after another in one folder; what `out` must match, `ends` (an exit code, 0 by
 * default), which file each `writes`, and what it reads from `input`.
 */
export const commands = [
  { args: ['--version'], out: /^\d+\.\d+\.\d+/ },
  { args: ['--help'], out: /train a network/ },
  { args: ['presets'], out: /reference-299/ },
  { args: ['config', 'schedule'], out: /oneCycle/ },
  { args: ['completion', 'bash'], out: /complete/ },
  { args: ['data', 'info'], out: /10 classes/ },
  { args: ['data', 'sample', '--columns', '5', '--out', 'sheet.png'], writes: 'sheet.png' },
  { args: ['plan', ...config, '--sizes', '8'], out: /img\/s|images/ },
  { args: ['train', ...config, '--dry-run'], out: /batchSize|batch/ },
  { args: ['train', ...config, '--out', 'run'], writes: 'run/result.json' },
  { args: ['train', ...config, '--out', 'workers', '--workers', '2'], writes: 'workers/result.json' },
  { args: ['train', ...config, '--out', 'run'], ends: 1, err: /run/ },
  { args: ['train', '--set', 'epoch=1'], ends: 1, err: /did you mean `epochs`|epochs/ },
  { args: ['resume', 'run'], out: /train on/ },
  { args: ['eval', 'run', '--confusion'], out: /airplane/ },
  { args: ['report', 'run'], writes: 'run/report.html' },
  { args: ['compare', 'run', 'workers'], out: /workers/ },
  { args: ['predict', 'run', 'sheet.png', '--grad-cam', 'heat.png'], writes: 'heat.png' },
  { args: ['predict', 'run', 'picture.jpg'], out: /%/ },
  { args: ['predict', 'run', '-'], input: 'picture.jpg', out: /%/ },
  { args: ['export', 'run', '--format', 'onnx', '--out', 'run.onnx'], writes: 'run.onnx' },
  { args: ['export', 'run', '--format', 'keras', '--out', 'run.h5'], writes: 'run.h5' },
  { args: ['export', 'run', '--format', 'safetensors', '--out', 'run.st'], writes: 'run.st' },
  { args: ['export', 'run', '--format', 'tfjs', '--out', 'tfjs'], writes: 'tfjs/model.json' },
  { args: ['eval', 'tfjs'], out: /airplane/ },
  { args: ['lr-find', ...config, '--steps', '12', '--html', 'rates.html'], writes: 'rates.html' },
  { args: ['sweep', 'sweep.json', '--out', 'sweep', '--jobs', '2'], writes: 'sweep/sweep.html' },
];

/** What is wrong with how a command ended in `folder`, or undefined. */
export function fault({ out: wanted, err: complaint, ends = 0, writes }, told, folder) {
  const [out, err] = [told.out.trim(), told.err.trim()];
  if (told.ended !== ends) return `ended with ${told.ended}: ${(err || out).split('\n').at(-1)}`;
  if (wanted && !wanted.test(out)) return `must print ${wanted}, received: ${out.slice(0, 200)}`;
  if (complaint && !complaint.test(err)) return `must say ${complaint}, received: ${err.slice(0, 200)}`;
  // A warning of the runtime among our lines, such as of a missing permission, is a fault too.
  if (/\bat .*:\d+:\d+|Deprecat|ExperimentalWarning/.test(err)) return `says ${err.slice(0, 200)}`;
  if (writes && !(statSync(join(folder, writes), { throwIfNoEntry: false })?.size > 0)) {
    return `must write ${writes}`;
  }
  return undefined;
}
