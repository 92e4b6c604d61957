// Pictures made by a formula, so that the examples need no data: a patch of some texture somewhere in noise.
import * as tf from '@tensorflow/tfjs-core';
import { preprocessInput } from '@xcp/xception';
import { cifar10 } from '@xcp/xception/cifar10';

export const SIDE = 40;
const PATCH = 16;
export const TEXTURES = ['rows', 'columns', 'diagonal', 'dots'] as const;
export type Texture = (typeof TEXTURES)[number];

const bright: Record<Texture, (x: number, y: number) => boolean> = {
  rows: (_, y) => y % 4 < 2,
  columns: (x) => x % 4 < 2,
  diagonal: (x, y) => (x + y) % 6 < 3,
  dots: (x, y) => x % 4 < 2 && y % 4 < 2,
};

/** A picture of bytes, [SIDE, SIDE, 3]. */
export function picture(texture: Texture, seed: number) {
  const random = (index: number) => {
    const x = Math.sin(seed * 78.233 + index * 12.9898) * 43758.5453;
    return x - Math.floor(x);
  };
  const [left, top] = [0, 1].map((axis) => Math.floor(random(-1 - axis) * (SIDE - PATCH))) as [
    number,
    number,
  ];
  const data = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % SIDE, Math.floor(i / 3 / SIDE)];
    const inside = x >= left && x < left + PATCH && y >= top && y < top + PATCH;
    const signal = inside ? (bright[texture](x - left, y - top) ? 110 : -110) : 0;
    return 128 + signal + 30 * (random(i) - 0.5);
  });
  return { data, shape: [SIDE, SIDE, 3] };
}

/** What the trainer pulls from: `size` pictures of each texture, in one order in every epoch. */
export function pictures(textures: readonly Texture[], size: number, firstSeed = 0) {
  const batchSize = 32;
  const count = size * textures.length;
  const label = (i: number) => i % textures.length;
  const images = tf.tidy(() =>
    Array.from({ length: count }, (_, i) =>
      preprocessInput(picture(textures[label(i)]!, firstSeed + i), cifar10.normalize).dataSync<'float32'>(),
    ),
  );
  return {
    size: count,
    stepsPerEpoch: Math.ceil(count / batchSize),
    *batches(_epoch: number, startStep: number) {
      for (let start = startStep * batchSize; start < count; start += batchSize) {
        const end = Math.min(start + batchSize, count);
        const batch = new Float32Array((end - start) * SIDE * SIDE * 3);
        for (let i = start; i < end; i++) batch.set(images[i]!, (i - start) * SIDE * SIDE * 3);
        const shape: [number, number, number, number] = [end - start, SIDE, SIDE, 3];
        yield {
          images: batch,
          shape,
          labels: Int32Array.from({ length: end - start }, (_, i) => label(start + i)),
        };
      }
    },
  };
}
