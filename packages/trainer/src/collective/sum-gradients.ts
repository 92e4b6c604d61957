import * as tf from '@tensorflow/tfjs-core';
import type { Collective } from './collective';

/** Values of a message: 16 MiB, large enough for the full speed of a network, small enough to begin early. */
const BUCKET = 4 * 2 ** 20;

/** The gradients of some parameters, one after another. */
interface Bucket {
  values: Float32Array;
  shapes: number[][];
}

/**
 * The sums of gradients over all ranks, as arrays with their shapes, in order. Takes over the tensors.
 *
 * They go in buckets: while one is on its way the next one is read from the engine.
 */
export async function sumGradients(
  collective: Collective,
  gradients: readonly tf.Tensor[],
): Promise<() => tf.Tensor[]> {
  const buckets: Bucket[] = [];
  const underWay: Promise<void>[] = [];
  try {
    for (const group of grouped(gradients)) {
      const bucket = await read(group);
      tf.dispose(group);
      buckets.push(bucket);
      underWay.push(collective.allReduce(bucket.values, 'sum', { lossy: true }));
    }
  } finally {
    tf.dispose([...gradients]);
  }
  await Promise.all(underWay);
  return () => buckets.flatMap(tensorsOf);
}

function grouped(gradients: readonly tf.Tensor[]): tf.Tensor[][] {
  const groups: tf.Tensor[][] = [];
  let size = BUCKET;
  for (const gradient of gradients) {
    if (size >= BUCKET) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)!.push(gradient);
    size += gradient.size;
  }
  return groups;
}

async function read(group: tf.Tensor[]): Promise<Bucket> {
  const shapes = group.map(({ shape }) => shape);
  const flat = tf.tidy(() => tf.concat(group.map((gradient) => tf.reshape(gradient, [-1]))));
  const values = (await flat.data()) as Float32Array;
  flat.dispose();
  // Of a single tensor joining makes no copy, and an engine may give its own memory.
  return { values: group.length > 1 ? values : values.slice(), shapes };
}

function tensorsOf({ values, shapes }: Bucket): tf.Tensor[] {
  let begin = 0;
  return shapes.map((shape) => {
    const end = begin + tf.util.sizeFromShape(shape);
    const tensor = tf.tensor(values.subarray(begin, end), shape);
    begin = end;
    return tensor;
  });
}
