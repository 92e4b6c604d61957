import * as tf from '@tensorflow/tfjs-core';
import { openSession as open, type Session } from '../session';
import type { TrainOptions } from '../train';
import { modelVariables } from '../weights';
import { broadcastCheckpoint, broadcastJson, broadcastVariables } from './broadcast';
import { alone } from './collective';
import { checkAllDid, checkEqual, checksumOfText } from './compare';

/** What a rank trains with: what rank 0 reads or writes alone comes from there, or is left out. */
export async function optionsOfRank(options: TrainOptions): Promise<TrainOptions & { stored: boolean }> {
  const { collective = alone, store, callbacks, ...others } = options;
  if (collective.size === 1) return { ...options, stored: store !== undefined };
  const isFirst = collective.rank === 0;
  const stored = await broadcastJson(collective, store !== undefined);
  const resumeFrom = await broadcastCheckpoint(collective, options.resumeFrom ?? null);
  return {
    ...others,
    collective,
    stored,
    ...(resumeFrom && { resumeFrom }),
    ...(isFirst && store && { store }),
    ...(isFirst && callbacks && { callbacks }),
  };
}

/** Opens a session on every rank, or on none. */
export async function openTogether(options: TrainOptions & { stored: boolean }): Promise<Session> {
  const { collective = alone, trainData, validationData } = options;
  let session: Session | undefined;
  let failure: unknown;
  try {
    session = await open(options);
  } catch (error) {
    failure = error;
  }
  await checkAllDid(collective, failure);
  const { config, model, totalSteps } = session!;
  const sizes = [trainData, validationData].map((data) => data && [data.size, data.stepsPerEpoch]);
  const shapes = Object.entries(modelVariables(model)).map(([name, { shape }]) => [name, shape]);
  const described = JSON.stringify([config, totalSteps, sizes, shapes, tf.getBackend()]);
  const rule =
    'engine, model, data and configuration must be the same on all ranks, received different ones; start all with ' +
    'the same options, and name the engine where their machines differ';
  await checkEqual(collective, checksumOfText(described), rule);
  return session!;
}

/** Gives all ranks the weights, slots and averages of rank 0, as a run begins or goes on. */
export async function beginTogether({ collective, model, optimizer, ema }: Session): Promise<void> {
  await broadcastVariables(collective, modelVariables(model));
  await broadcastVariables(collective, optimizer.slots);
  if (ema) await broadcastVariables(collective, ema.variables);
}
