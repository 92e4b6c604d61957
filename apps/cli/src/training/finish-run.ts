import { rmSync } from 'node:fs';
import { portable } from '@xcp/layers';
import { type CheckpointStore, diagnose, type TrainResult } from '@xcp/trainer';
import { exportModel, readMetrics } from '@xcp/trainer/node';
import type { RunConfig } from '../config/run-config';
import { worstMistakes } from '../report/worst-mistakes';
import { runPaths } from '../run-folder/paths';
import type { RunResult } from '../run-folder/run-result';
import { writeJson } from '../run-folder/write-json';
import type { Output } from '../terminal/output';
import { CARD, modelCard } from '../trained/model-card';
import { takeBestWeights } from './best-weights';
import type { Prepared } from './prepare';
import { testModel } from './test-model';

/** Takes the best weights, tests them once (unless the run leaves that out), exports the model and writes `result.json`. */
export async function finishRun(
  run: { folder: string; config: RunConfig; store: CheckpointStore; now: () => Date },
  { model, data, classNames, testImages }: Prepared,
  trained: TrainResult & { stopped: RunResult['stopped'] },
  output: Output,
  signal: AbortSignal,
): Promise<RunResult> {
  const paths = runPaths(run.folder);
  const { validation, ...weights } = await takeBestWeights(model, run.store, trained);
  model.setUserDefinedMetadata({ [CARD]: modelCard(run.config, classNames) });
  await exportModel(model, paths.model, portable);
  const worst = worstMistakes();
  const { mirror, shift } = run.config.evaluation;
  const what = { model, data: data.test, classes: classNames, views: { mirror, shift }, onJudged: worst.add };
  const test = run.config.evaluation.test ? await testModel(what, 'test', output, signal) : null;
  const log = readMetrics(paths.metrics).filter((row) => row.kind === 'log');
  const result: RunResult = {
    format: 1,
    stopped: trained.stopped,
    reason: trained.reason,
    steps: trained.step,
    epochs: trained.epoch,
    seconds: trained.seconds,
    imagesPerSecond: trained.imagesPerSecond,
    weights,
    validation,
    test: test && { mirror, shift, ...test },
    diagnosis: diagnose(trained.history, { classes: classNames.length, log }),
    finishedAt: run.now().toISOString(),
  };
  if (test) writeJson(paths.mistakes, await worst.told(model, testImages, classNames));
  else rmSync(paths.mistakes, { force: true });
  writeJson(paths.result, result);
  return result;
}
