import { type Diagnosis, drawnOverRun, resolveConfig as resolveTrainConfig } from '@xcp/trainer';
import type { RunConfig } from '../config/run-config';
import { runPaths } from '../run-folder/paths';
import type { RunResult } from '../run-folder/run-result';
import { sayEvaluation } from '../terminal/evaluation-text';
import { formatCount, formatDuration, formatPercent } from '../terminal/format';
import type { Output } from '../terminal/output';
import { trainConfig } from './train-config';

/** A run as its result is told. */
interface ToldRun {
  /** What the user types to start this program. */
  program: string;
  /** The folder, as the user types it. */
  run: string;
  config: RunConfig;
  /** Whether its `report.html` is there. */
  hasReport: boolean;
}

/** The command that takes a finished run further, or trains its longer sibling where it cannot be taken further. */
function nextCommand({ program, run, config }: ToldRun, { stopped }: RunResult): string {
  if (stopped === 'maxSteps') return `${program} resume ${run} --set maxSteps=null`;
  if (stopped === 'early') return `${program} resume ${run} --set earlyStopping=null`;
  const length = config.steps === null ? 'epochs' : 'steps';
  const longer = `--set ${length}=${config[length]! * 2}`;
  // A curve over the whole run has come to its end: more epochs are another curve, from the start.
  const isWhole = drawnOverRun(resolveTrainConfig(trainConfig(config))) || config.data.progressive.length > 0;
  return isWhole
    ? `${program} train --config ${runPaths(run).config} ${longer}`
    : `${program} resume ${run} ${longer}`;
}

function sayDiagnosis({ kind, severity, title, advice }: Diagnosis, output: Output): void {
  if (kind === 'tooShort') return;
  const { yellow } = output.colors;
  output.say(`curves    ${severity === 'warning' ? yellow(title) : title}`);
  output.say(`          ${advice[0]}`);
}

/** Prints what a run came to, where its files lie, and how to train on. */
export function sayResult(told: ToldRun, result: RunResult, output: Output): void {
  const { weights, validation, seconds, imagesPerSecond, test } = result;
  if (test) sayEvaluation('test', test, output);
  else {
    output.say(
      `test      left alone (evaluation.test is false); ${told.program} eval ${told.run} tells the accuracy`,
    );
  }
  const judged = validation ? `, validation ${formatPercent(validation.accuracy, 2)}` : '';
  const averaged = weights.averaged ? ', averaged' : '';
  output.say(`weights   ${weights.kind}, step ${weights.step}${averaged}${judged}`);
  const speed = imagesPerSecond ? `, ${formatCount(imagesPerSecond)} img/s` : '';
  output.say(`training  ${formatDuration(seconds)}${speed}`);
  // An earlier version did not tell it.
  for (const found of result.diagnosis ?? []) sayDiagnosis(found, output);
  output.say(`files     ${told.run}`);
  if (told.hasReport) output.say(`report    ${runPaths(told.run).report}`);
  output.say(`train on  ${nextCommand(told, result)}`);
  output.emit({ event: 'result', run: told.run, ...result });
}
