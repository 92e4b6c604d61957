import { received } from './config/checks';

/** A batch as plain data: normalized NHWC images and their labels. */
export interface Batch {
  readonly images: Float32Array;
  /** `[n, height, width, channels]`. */
  readonly shape: readonly [number, number, number, number];
  /** The class of each image, from 0. */
  readonly labels: Int32Array;
  /**
   * Set where height and width may differ from the model's input, as in progressive resizing: for a model that pools
   * over whole maps before its first dense layer.
   */
  readonly resized?: boolean;
  /** What is in the images besides, where they are blends of two: for training alone. */
  readonly mixed?: MixedLabels;
  /**
   * Set where a source that is told the rank makes the images of its share alone, from `begin` up to `end`: what lies in
   * the places of the others means nothing. Over all ranks every image is in one share. Labels are those of all.
   */
  readonly made?: { readonly begin: number; readonly end: number };
}

/** The loss of image i is `shares[i]` times that of its label, and the rest times that of `mixed.labels[i]`. */
export interface MixedLabels {
  /** The class of the other image in each image. */
  readonly labels: Int32Array;
  /** The share of each image's own class, 0 to 1. */
  readonly shares: Float32Array;
}

/** What the trainer pulls from. */
export interface BatchSource {
  /** Examples in one epoch. */
  readonly size: number;
  /** Batches in one epoch. */
  readonly stepsPerEpoch: number;
  /**
   * The batches of `epoch` (from 0) from `startStep` on: a pure function, which is what makes resume exact. One may be
   * given at once or be awaited, and need hold only until the next one is pulled.
   */
  batches(epoch: number, startStep: number): Iterable<Batch> | AsyncIterable<Batch>;
  /** How much work the first `steps` steps of a run are, in any unit, where steps differ: for the time left. */
  workBefore?(steps: number): number;
}

/** Throws unless the source has at least one example and one batch. */
export function checkSource(subject: string, name: string, source: BatchSource): void {
  for (const key of ['size', 'stepsPerEpoch'] as const) {
    if (!Number.isInteger(source[key]) || source[key] <= 0) {
      throw new Error(`${subject}: \`${name}.${key}\` must be positive, received ${received(source[key])}`);
    }
  }
}

/**
 * Throws unless the batch fits a model of this input shape (null where any size goes) and number of classes; where
 * `mayBeResized`, a batch that says so may have another height and width. One of `ranks` may have its share alone.
 */
export function checkBatch(
  subject: string,
  batch: Batch,
  inputShape: readonly (number | null)[],
  classes: number,
  { mayBeResized = false, ranks = 1 }: { mayBeResized?: boolean; ranks?: number } = {},
): void {
  const { images, shape, labels, mixed, made } = batch;
  if (made && ranks === 1) {
    throw new Error(
      `${subject}: a batch must hold all its images, received a share of it; a run alone makes all`,
    );
  }
  const isFree = (i: number) => mayBeResized && batch.resized === true && (i === 1 || i === 2);
  const fits =
    shape.length === inputShape.length &&
    inputShape.every((n, i) => n === null || n === shape[i] || isFree(i));
  if (!fits) {
    throw new Error(
      `${subject}: a batch must have the model's input shape ${received(inputShape)}, received ${received(shape)}`,
    );
  }
  const size = shape.reduce((product, n) => product * n, 1);
  if (images.length !== size || labels.length !== shape[0]) {
    throw new Error(
      `${subject}: a batch of shape ${received(shape)} must hold ${size} values and ${shape[0]} labels, ` +
        `received ${images.length} and ${labels.length}`,
    );
  }
  checkLabels(subject, labels, classes);
  if (!mixed) return;
  if (mixed.labels.length !== labels.length || mixed.shares.length !== labels.length) {
    throw new Error(
      `${subject}: \`mixed\` must hold ${labels.length} labels and shares, one per image, ` +
        `received ${mixed.labels.length} and ${mixed.shares.length}`,
    );
  }
  checkLabels(subject, mixed.labels, classes);
  const share = mixed.shares.find((value) => !(value >= 0 && value <= 1));
  if (share !== undefined) {
    throw new Error(`${subject}: \`mixed.shares\` must be from 0 to 1, received ${share}`);
  }
}

function checkLabels(subject: string, labels: Int32Array, classes: number): void {
  const wrong = labels.find((label) => !(label >= 0 && label < classes));
  if (wrong !== undefined) {
    throw new Error(
      `${subject}: labels must be from 0 to ${classes - 1}, one per output of the model, received ${wrong}`,
    );
  }
}
