import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Context } from '../context';
import { messageOf, UserError } from '../errors';
import { displayPath } from '../run-folder/display-path';
import { writeFile } from '../run-folder/write-file';
import { writeJson } from '../run-folder/write-json';
import { writeOutput } from '../run-folder/write-output';
import type { Output } from '../terminal/output';
import { interruptible } from '../training/interrupt';
import { kubernetesJob } from './kubernetes-job';
import { type PlannedRun, planSweep } from './plan-sweep';
import { ranking } from './ranking';
import { rankingTable } from './ranking-text';
import { configPath, runSweep } from './run-sweep';
import { type FanOut, slurmScript } from './slurm-script';
import { sweepPage } from './sweep-page';
import { readSweep } from './sweep-spec';
import { taskIndex } from './task-index';

export interface SweepCommandOptions {
  out: string;
  jobs: number;
  index?: number;
  slurm?: string;
  kubernetes?: string;
  image: string;
  claim: string;
  engine?: string;
  device?: number;
  data?: string;
  cacheDir?: string;
}

/** Runs a sweep, or writes what a cluster runs it with; tells whether a run failed. */
export async function sweep(
  file: string,
  given: SweepCommandOptions,
  context: Context,
  output: Output,
): Promise<boolean> {
  const { io } = context;
  const spec = readSweep(resolve(io.cwd, file), file);
  const runs = planSweep(spec);
  const folder = resolve(io.cwd, given.out);
  const options = runOptions(given);
  if (given.slurm !== undefined || given.kubernetes !== undefined) {
    writeManifests(file, given, runs.length, options, io.cwd, output);
    return false;
  }
  const index = taskIndex(given.index, io.env, runs.length);
  const own = index === undefined ? runs : [runs[index]!];
  prepareFolder(folder, given.out, spec.preset, own);
  output.say(
    index === undefined ? `${runs.length} runs` : `run ${index} of ${runs.length}: ${runs[index]!.id}`,
  );
  const threads = Math.max(1, Math.floor(availableParallelism() / Math.min(given.jobs, own.length)));
  const failed = await interruptible(
    io,
    output,
    () => 'Call the sweep again to go on.',
    async (signal) => {
      let ended = 0;
      const failed = await runSweep(own, {
        folder,
        jobs: given.jobs,
        options,
        start: context.services.startRun(threads, io.env),
        signal,
        onEnd: ({ id }, code) => {
          ended++;
          const log = displayPath(join(folder, `${id}.log`), io.cwd);
          if (code === 0) output.say(`${id} done (${ended})`);
          else output.say(signal.aborted ? `${id} stopped` : `${id} failed with ${code}: see ${log}`);
        },
      });
      signal.throwIfAborted();
      return failed;
    },
  );
  if (index === undefined) tell(runs, folder, io.cwd, output);
  return failed.length > 0;
}

/** What every run is told. */
function runOptions({ engine, device, data, cacheDir }: SweepCommandOptions): string[] {
  const stated = { '--engine': engine, '--device': device, '--data': data, '--cache-dir': cacheDir };
  return Object.entries(stated).flatMap(([option, value]) =>
    value === undefined ? [] : [option, String(value)],
  );
}

/** Makes the folder and writes what each run starts from, as whole as the record of a run. */
function prepareFolder(folder: string, shown: string, preset: string, runs: readonly PlannedRun[]): void {
  try {
    mkdirSync(folder, { recursive: true });
    for (const { id, config } of runs) writeJson(configPath(folder, id), { format: 1, preset, config });
  } catch (error) {
    throw new UserError(`--out: "${shown}" cannot be written to (${messageOf(error)}); name another folder`);
  }
}

function tell(runs: readonly PlannedRun[], folder: string, cwd: string, output: Output): void {
  const ranked = ranking(runs, folder);
  output.say(rankingTable(ranked));
  const page = join(folder, 'sweep.html');
  writeFile(page, sweepPage(basename(folder), ranked));
  output.say(displayPath(page, cwd));
  const best = ranked[0];
  if (best?.validation !== undefined) output.say(`best    ${displayPath(join(folder, best.id), cwd)}`);
  output.emit({
    sweep: displayPath(folder, cwd),
    runs: ranked.map(({ id, settings, state, validation, seconds }) => ({
      id,
      settings,
      state,
      validation: validation ?? null,
      seconds,
    })),
  });
}

function writeManifests(
  file: string,
  { slurm, kubernetes, out, jobs, image, claim }: SweepCommandOptions,
  runs: number,
  options: readonly string[],
  cwd: string,
  output: Output,
): void {
  const fanOut: FanOut = {
    name: `xcp-${basename(out)}`,
    runs,
    jobs,
    command: ['xcp', 'sweep', file, '--out', out, ...options],
  };
  const write = (path: string, option: string, text: string, next: string) => {
    writeOutput({ option, given: path, path: resolve(cwd, path) }, text);
    output.say(`${path}: ${runs} runs, ${jobs} at a time. Start them with\n  ${next} ${path}`);
  };
  if (slurm !== undefined) {
    mkdirSync(resolve(cwd, out), { recursive: true });
    write(slurm, '--slurm', slurmScript(fanOut, out), 'sbatch');
  }
  if (kubernetes !== undefined) {
    const manifest = `${JSON.stringify(kubernetesJob(fanOut, { image, claim }), null, 2)}\n`;
    write(kubernetes, '--kubernetes', manifest, 'kubectl apply -f');
  }
}
