import { CIFAR10_CLASSES } from '../constants';
import type { Cifar10, LabeledImages } from '../labeled-images';
import type { DataFile } from '../manifest';
import { allocateImages, decodeRecordsInto, RECORD_BYTES } from '../records';

/** Takes the bytes of a file that is proved. */
export type Place = (file: DataFile, bytes: Uint8Array) => void;

/** The data set of these files, empty, and what puts the images of each where they belong. */
export function joined(files: readonly DataFile[]): { data: Cifar10; place: Place } {
  const train = allocateSplit(files, 'train');
  const test = allocateSplit(files, 'test');
  const starts = firstImages(files);
  const place: Place = (file, bytes) =>
    decodeRecordsInto(file.split === 'train' ? train : test, starts.get(file)!, bytes);
  return { data: { train, test, classNames: CIFAR10_CLASSES }, place };
}

function allocateSplit(files: readonly DataFile[], split: DataFile['split']): LabeledImages {
  const sizes = files.map((file) => (file.split === split ? file.size : 0));
  return allocateImages(sizes.reduce((sum, size) => sum + size, 0) / RECORD_BYTES);
}

/** Which image of its split each file begins with. */
function firstImages(files: readonly DataFile[]): Map<DataFile, number> {
  const next = { train: 0, test: 0 };
  const starts = new Map<DataFile, number>();
  for (const file of files) {
    starts.set(file, next[file.split]);
    next[file.split] += file.size / RECORD_BYTES;
  }
  return starts;
}
