import { fileURLToPath } from 'node:url';
import type * as tfl from '@tensorflow/tfjs-layers';
import { checkInit, type InitReport, type TrainInit } from '@xcp/trainer';
import { readInit } from '@xcp/trainer/node';
import { cifar10Weights } from '@xcp/xception/cifar10';
import { z } from 'zod';
import { UserError } from '../errors';
import type { Output } from '../terminal/output';
import { modelPath, SHIPPED } from '../trained/model-path';
import { readWeightFile } from './weight-file';

/** `--init` as a run remembers it. */
export const initRecordSchema = z.object({
  /** What was read, such as the best checkpoint of the run that was named. */
  path: z.string(),
  sha256: z.string(),
  head: z.enum(['keep', 'fresh']),
  schedule: z.enum(['fresh', 'continue']),
});

export type InitRecord = z.output<typeof initRecordSchema>;

export interface InitOptions {
  init?: string;
  initHead?: InitRecord['head'];
  initSchedule?: InitRecord['schedule'];
}

/** Weights for a network, as the training takes them. */
type Fitted = TrainInit & Pick<InitRecord, 'head' | 'schedule'> & { warnings?: readonly string[] };

/** What to begin with, before a network is there to fit it to: without `head` that decides. */
export type InitAsked = Omit<InitRecord, 'head'> & { head?: InitRecord['head'] | undefined };

/** What a run begins with: read, and to be fitted to its network once that is built. */
export interface Beginning extends InitAsked {
  fit(model: tfl.LayersModel): Promise<Fitted>;
}

/** @throws UserError if it cannot be read. */
export async function initFrom(
  { init: path, initHead, initSchedule }: InitOptions,
  cwd: string,
): Promise<Beginning | null> {
  if (path !== undefined) {
    const found = modelPath(path, cwd);
    const file = found === SHIPPED ? fileURLToPath(cifar10Weights) : found;
    return beginningAt(file, initHead, initSchedule ?? 'fresh');
  }
  if (initHead === undefined && initSchedule === undefined) return null;
  throw new UserError(
    'train: `--init-head` and `--init-schedule` need `--init`, received none; name what to begin with',
  );
}

/** Reads again what a run began with that was stopped before its first checkpoint. */
export async function initAgain(record: InitAsked | null): Promise<Beginning | null> {
  if (record === null) return null;
  const { path, sha256, head, schedule } = record;
  const beginning = await beginningAt(path, head, schedule);
  if (beginning.sha256 === sha256) return beginning;
  throw new UserError(
    `resume: "${path}", which the run began with, must have SHA-256 ${sha256}, received ${beginning.sha256}; ` +
      'bring the file back or start a new run',
  );
}

/** What another process needs to read the same. */
export const askedOf = ({ path, sha256, head, schedule }: Beginning): InitAsked => ({
  path,
  sha256,
  head,
  schedule,
});

/** Fits what a run begins with to its network, and tells of what does not go with it; throws where nothing does. */
export async function fitted(
  beginning: Beginning | null,
  model: tfl.LayersModel,
  output: Output,
): Promise<Fitted | undefined> {
  if (!beginning) return undefined;
  const { warnings = [], ...init } = await beginning.fit(model);
  checkInit(model, init);
  for (const warning of warnings) output.say(output.colors.yellow(`init    ${warning}`));
  return init;
}

/** @param head `undefined`: as in the file where that has the same classes, and drawn anew where it has not */
async function beginningAt(
  path: string,
  head: InitRecord['head'] | undefined,
  schedule: InitRecord['schedule'],
): Promise<Beginning> {
  const file = await readWeightFile(path);
  if (file) {
    return {
      path,
      sha256: file.sha256,
      head,
      schedule,
      fit: async (model) => ({ ...(await file.fit(model, head)), schedule }),
    };
  }
  const read = await readInit(path).catch((error: Error) => {
    throw new UserError(
      error.message
        .replace('readInit: `path`', '--init:')
        .replace('a `.safetensors` file', 'a file of weights (.safetensors, .h5, .keras)'),
    );
  });
  const init = { ...read, head: head ?? 'keep', schedule };
  return { ...read.source, head, schedule, fit: async () => init };
}

/** Says what a run begins with. */
export function sayInit({ path }: InitRecord, report: InitReport, output: Output): void {
  const { loaded, fresh, left, optimizer } = report;
  const parts = [
    `${loaded.length} weights`,
    ...(optimizer ? ['the optimizer'] : []),
    ...(fresh.length > 0 ? [`fresh ${fresh.join(', ')}`] : []),
    ...(left.length > fresh.length ? [`${left.length} left`] : []),
  ];
  output.say(`init    ${path}: ${parts.join('; ')}`);
  output.emit({ event: 'init', path, ...report });
}
