import { describeEngine } from '@xcp/backend/engines';
import { type ConfigOptions, chooseConfig } from '../config/resolve';
import type { Context } from '../context';
import { chooseEngine } from '../engines/choose-engine';
import type { EngineOptions } from '../engines/engine-options';
import { dryRun } from '../planning/dry-run';
import { memoryHere } from '../planning/memory-here';
import type { Ranks } from '../ranks/ranks';
import type { Output } from '../terminal/output';
import { checkRunConfig } from './check-run-config';
import { interruptible } from './interrupt';

/** Checks what a run is asked for and tells what it would be, without its data and without its folder; on rank 0 alone. */
export async function dryTrain(
  given: ConfigOptions & EngineOptions,
  { collective: { rank, size } }: Ranks,
  { io, services }: Context,
  output: Output,
): Promise<void> {
  if (rank > 0) return;
  const { preset, config } = chooseConfig(given, io.cwd);
  checkRunConfig(config);
  const engine = await chooseEngine(given, services.engines);
  output.say(`engine  ${describeEngine(engine)}`);
  if (size > 1) output.say(`plan    as of one process: each of the ${size} ranks takes its share of a batch`);
  await interruptible(
    io,
    output,
    () => 'Nothing was begun.',
    (signal) => dryRun(preset, config, memoryHere(engine.name), output, signal),
  );
}
