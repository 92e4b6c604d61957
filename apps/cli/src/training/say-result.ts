import type { RunConfig } from '../config/run-config';
import type { RunResult } from '../run-folder/run-result';
import { sayEvaluation } from '../terminal/evaluation-text';
import { formatDuration, formatPercent } from '../terminal/format';
import type { Output } from '../terminal/output';

/** The command that takes a finished run further, or its next longer sibling where it cannot be taken further. */
export function continueCommand(run: string, preset: string, config: RunConfig, result: RunResult): string {
  if (result.stopped === 'maxSteps') return `xcp resume ${run} --set maxSteps=null`;
  const longer = `--set epochs=${config.epochs * 2}`;
  // The curve of a one-cycle schedule has come to its end: more epochs are another curve, from the start.
  return config.schedule.name === 'oneCycle'
    ? `xcp train --preset ${preset} ${longer}`
    : `xcp resume ${run} ${longer}`;
}

/** Prints what a run came to, where its files lie, and how to go on. */
export function sayResult(
  { run, preset, config }: { run: string; preset: string; config: RunConfig },
  result: RunResult,
  output: Output,
): void {
  const { weights, validation, seconds, test } = result;
  sayEvaluation('test', test, output);
  const judged = validation ? `, validation ${formatPercent(validation.accuracy, 2)}` : '';
  output.say(`weights   ${weights.kind}, step ${weights.step}${judged}`);
  output.say(`training  ${formatDuration(seconds)}`);
  output.say(`files     ${run}`);
  output.say(`go on     ${continueCommand(run, preset, config, result)}`);
  output.emit({ event: 'result', run, ...result });
}
