import type { LabeledImages } from '../labeled-images';

/** The set with its images in memory that threads share: the set itself where they lie there already, else a copy. */
export function sharedSet(set: LabeledImages): LabeledImages {
  if (set.images.buffer instanceof SharedArrayBuffer) return set;
  const images = new Uint8Array(new SharedArrayBuffer(set.images.length));
  images.set(set.images);
  return { ...set, images };
}
