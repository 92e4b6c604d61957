import { describeEngine, type EngineChoice, type EngineName } from '@xcp/backend/engines';
import { CIFAR10_CLASSES } from '@xcp/cifar10';
import { describe } from '@xcp/xception';
import type { RunConfig } from '../config/run-config';
import type { Context } from '../context';
import { chooseEngine } from '../engines/choose-engine';
import { UserError } from '../errors';
import { runApart } from '../processes/run-apart';
import { machine, versions } from '../run-folder/provenance';
import { formatCount } from '../terminal/format';
import type { Output } from '../terminal/output';
import { modelConfig } from '../training/model-config';
import { benchTable } from './bench-text';
import { measureEngine, type Round } from './measure-engine';
import { type Speed, summarize } from './speed';

export interface BenchOptions {
  engine: EngineChoice | 'all';
  batches: readonly number[];
  rounds: number;
  /** Seconds of a measurement. */
  seconds: number;
}

export interface EngineSpeed {
  name: EngineName;
  /** What it runs on. */
  detail: string;
  batches: { batch: number; training: Speed; inference: Speed }[];
}

export interface BenchResult {
  machine: string;
  versions: Record<string, string>;
  network: { size: number; parameters: number; macs: number };
  engines: EngineSpeed[];
  /** Engines that could not be measured. */
  leftOut: { name: EngineName; reason: string }[];
}

/** Tells how many images per second the engines of this machine train and infer. */
export async function bench(
  config: RunConfig,
  options: BenchOptions,
  context: Context,
  output: Output,
  signal: AbortSignal,
): Promise<BenchResult> {
  const facts = describe(modelConfig(config, CIFAR10_CLASSES.length));
  const network = { size: config.data.size, parameters: facts.parameters.total, macs: facts.macs };
  output.say(
    `network  Xception at ${network.size}×${network.size}, ${formatCount(network.parameters)} parameters, ` +
      `${formatCount(network.macs / 1e6)} M multiply-accumulates for an image`,
  );
  const measured =
    options.engine === 'all'
      ? await measureAll(config, options, context, output, signal)
      : await measureOne(config, options.engine, options, context, output, signal);
  const result = { machine: machine(), versions: versions(), network, ...measured };
  output.clear();
  output.say(benchTable(result));
  return result;
}

/** Measures the engine asked for in this process. */
async function measureOne(
  config: RunConfig,
  choice: EngineChoice,
  options: BenchOptions,
  { services }: Context,
  output: Output,
  signal: AbortSignal,
) {
  const engine = await chooseEngine({ engine: choice }, services.engines);
  output.say(`engine   ${describeEngine(engine)}`);
  const rounds: Round[][] = [];
  while (rounds.length < options.rounds) {
    output.status((columns) => `round ${rounds.length + 1} of ${options.rounds} …`.slice(0, columns));
    rounds.push(await measureEngine(config, { ...options, signal }));
  }
  return { engines: [engineSpeed(engine, rounds)], leftOut: engine.passedOver };
}

/**
 * Measures all engines that there are, each round each of them once, so that whatever the machine does meanwhile falls
 * on all; each in a process of its own, for a process has one TensorFlow.js.
 */
async function measureAll(
  config: RunConfig,
  options: BenchOptions,
  { services, io }: Context,
  output: Output,
  signal: AbortSignal,
) {
  const leftOut: BenchResult['leftOut'] = [];
  const { batches, seconds } = options;
  const measurement = ['--batches', batches.join(','), '--seconds', String(seconds), '--rounds', '1'];
  const running: { name: EngineName; detail: string; rounds: Round[][] }[] = [];
  for (const { name, probe } of services.engines) {
    // A step of it takes minutes.
    if (name === 'cpu') continue;
    const found = await probe();
    if (found.available) running.push({ name, detail: found.detail, rounds: [] });
    else leftOut.push({ name, reason: found.reason });
  }
  for (let round = 1; round <= options.rounds; round++) {
    for (const engine of [...running]) {
      signal.throwIfAborted();
      output.status((columns) => `round ${round} of ${options.rounds}: ${engine.name} …`.slice(0, columns));
      const measured = await runApart<BenchResult>(['bench', '--engine', engine.name, ...measurement], {
        start: services.startRun(undefined, io.env),
        signal,
        config,
      });
      if ('result' in measured) engine.rounds.push(medians(measured.result));
      else {
        leftOut.push({ name: engine.name, reason: measured.reason });
        running.splice(running.indexOf(engine), 1);
      }
    }
  }
  if (running.length === 0) {
    const reasons = leftOut.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
    throw new UserError(`xcp bench: no engine could be measured (${reasons})`);
  }
  return { engines: running.map((engine) => engineSpeed(engine, engine.rounds)), leftOut };
}

/** The only round that a process of its own measured. */
const medians = ({ engines }: BenchResult): Round[] =>
  engines[0]!.batches.map(({ batch, training, inference }) => ({
    batch,
    training: training.median,
    inference: inference.median,
  }));

function engineSpeed(
  { name, detail }: { name: EngineName; detail: string },
  rounds: readonly Round[][],
): EngineSpeed {
  const batches = rounds[0]!.map(({ batch }, i) => ({
    batch,
    training: summarize(rounds.map((round) => round[i]!.training)),
    inference: summarize(rounds.map((round) => round[i]!.inference)),
  }));
  return { name, detail, batches };
}
