import type { LabeledImages } from '@xcp/cifar10';
import { picture, SIDE, TEXTURES } from '../../../textures';
import type { DataSet } from './data-set';

/** Pictures made by a formula, which stand in for data: as many of each texture, no two alike. */
export function textures(): DataSet {
  return { train: images(320, 0), test: images(64, 1_000_000) };
}

function images(length: number, firstSeed: number): LabeledImages {
  const labels = Uint8Array.from({ length }, (_, i) => i % TEXTURES.length);
  const bytes = new Uint8Array(length * SIDE * SIDE * 3);
  labels.forEach((label, i) => {
    bytes.set(picture(TEXTURES[label]!, firstSeed + i).data, i * SIDE * SIDE * 3);
  });
  return { images: bytes, labels, length, height: SIDE, width: SIDE, channels: 3 };
}
