import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type * as tfl from '@tensorflow/tfjs-layers';
import { type Checkpoint, loadWeights, modelWeights } from '@xcp/trainer';
import { fileStore, loadModel } from '@xcp/trainer/node';
import { xception } from '@xcp/xception';
import { cifar10 } from '@xcp/xception/cifar10';
import { pretrained } from '@xcp/xception/node';
import { UserError } from '../errors';
import { runPaths } from '../run-folder/paths';
import { readRun } from '../run-folder/run-record';
import { statOf } from '../run-folder/stat-of';
import { averagesAreBetter } from '../training/averages-are-better';
import { type ModelCard, modelCard, modelCardSchema, readCard } from './model-card';
import { SHIPPED } from './model-path';

/** A model that was trained, with what it says of itself. */
export interface Trained {
  /** Ends in logits; for the caller to dispose. */
  model: tfl.LayersModel;
  card: ModelCard;
  /** Whose weights it has, such as `model` or `checkpoints/step-0001400`. */
  weights: string;
}

/** The run that something trained lies in, if it does: the folder itself, or that of its checkpoint or its model. */
export function runOf(path: string): string | undefined {
  const parent = dirname(path);
  const folders = [
    path,
    ...(path === runPaths(parent).model ? [parent] : []),
    ...(parent === runPaths(dirname(parent)).checkpoints ? [dirname(parent)] : []),
  ];
  return folders.find((folder) => existsSync(runPaths(folder).config));
}

/**
 * Opens what a training left behind: the folder of a run (its exported model, else its best or newest checkpoint),
 * one of its checkpoints, an exported model, or {@link SHIPPED}.
 *
 * @throws UserError where there is nothing of that in the folder, or it does not tell how images go in.
 */
export async function openTrained(path: string): Promise<Trained> {
  if (path === SHIPPED) return openShipped();
  const stat = statOf(path);
  if (!stat) throw new UserError(`model: must exist, received "${path}", which does not`);
  if (stat.isDirectory()) {
    if (existsSync(runPaths(path).config)) return openRun(path);
    if (existsSync(join(path, 'model.json'))) return openExported(path);
    if (existsSync(join(path, 'manifest.json'))) return openCheckpoint(path);
  }
  throw new UserError(
    `model: must be the folder of a run, of a checkpoint or of an exported model, received "${path}"`,
  );
}

async function openShipped(): Promise<Trained> {
  const { model } = await pretrained({ weights: SHIPPED });
  const { network, classes, size, normalize } = cifar10;
  const card = modelCardSchema.parse({ format: 1, model: network, classes, size, normalize }) as ModelCard;
  return { model, card, weights: 'of @xcp/xception' };
}

async function openRun(folder: string): Promise<Trained> {
  const card = modelCard(readRun(folder).config);
  const paths = runPaths(folder);
  // Built anew, for an exported model has lost what plain TensorFlow.js does not know.
  const model = xception(card.model);
  try {
    return { model, card, weights: await loadRunWeights(model, paths) };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** Gives the model of a run the weights of the exported one, else of the best or the newest checkpoint; tells which. */
async function loadRunWeights(
  model: tfl.LayersModel,
  paths: Pick<ReturnType<typeof runPaths>, 'model' | 'checkpoints'>,
): Promise<string> {
  if (existsSync(paths.model)) {
    const exported = await loadExported(paths.model);
    try {
      loadWeights(model, await modelWeights(exported));
    } finally {
      exported.dispose();
    }
    return basename(paths.model);
  }
  const store = fileStore(paths.checkpoints);
  const found = (await store.best()).found ?? (await store.latest()).found;
  if (!found) {
    throw new UserError('model: the run has neither a model nor a valid checkpoint yet; resume it first');
  }
  return `${basename(paths.checkpoints)}/${found.name}${takeBetter(model, found.checkpoint)}`;
}

/** Gives a model the weights of a checkpoint, or their averages where those did better; tells of the latter. */
function takeBetter(model: tfl.LayersModel, { weights, ema, state }: Checkpoint): string {
  const record = state.history.find(({ step }) => step === state.step);
  const averaged = record !== undefined && averagesAreBetter(record.validation, record.ema);
  loadWeights(model, averaged ? ema! : weights);
  return averaged ? ', averaged' : '';
}

async function openCheckpoint(folder: string): Promise<Trained> {
  const run = runOf(folder);
  if (run === undefined) {
    throw new UserError(
      `model: a checkpoint must lie in its run, for that says which network it is of, received "${folder}"`,
    );
  }
  const name = basename(folder);
  const checkpoint = await fileStore(dirname(folder))
    .load(name)
    .catch((error: Error) => {
      throw new UserError(`model: the checkpoint must be whole, received "${folder}" (${error.message})`);
    });
  const card = modelCard(readRun(run).config);
  const model = xception(card.model);
  try {
    return { model, card, weights: `${name}${takeBetter(model, checkpoint)}` };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

async function loadExported(folder: string): Promise<tfl.LayersModel> {
  return loadModel(folder).catch((error: Error) => {
    throw new UserError(error.message.replace('loadModel: `directory`', 'model:'));
  });
}

async function openExported(folder: string): Promise<Trained> {
  const model = await loadExported(folder);
  const run = runOf(folder);
  const card =
    readCard(model.getUserDefinedMetadata()) ??
    (run === undefined ? undefined : modelCard(readRun(run).config));
  if (card) return { model, card, weights: basename(folder) };
  model.dispose();
  throw new UserError(
    `model: an exported model must tell its classes and how images go in, received "${folder}", which does not; ` +
      'export it with `xcp export`',
  );
}
