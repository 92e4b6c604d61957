import { CIFAR100_CLASSES, CIFAR100_SUPERCLASSES } from '../../cifar100-classes';
import type { Cifar100, Cifar100Images } from '../../labeled-images';
import { allocateImages, CHANNELS, IMAGE_SIZE } from '../../records';
import { planesOf, readBatch } from '../pickle/batch-records';
import { tarMembers } from '../tar-members';

const PLANE = IMAGE_SIZE * IMAGE_SIZE;
/** 50,000 images with their labels and file names are 155 MB. */
const MAX_BATCH_BYTES = 200_000_000;
const NAMES = ['train', 'test'];

/** Reads CIFAR-100 from its archive for Python; throws if that holds no batch for training or for testing. */
export async function readCifar100(path: string, signal?: AbortSignal): Promise<Cifar100> {
  const sets = new Map<string, Cifar100Images>();
  const maxSize = (name: string) => (NAMES.includes(name) ? MAX_BATCH_BYTES : undefined);
  for await (const { name, bytes } of tarMembers(path, maxSize, signal))
    sets.set(name, imagesOf(name, bytes));
  const [train, test] = NAMES.map((name) => sets.get(name));
  if (!train || !test) throw new Error(`${path} must hold cifar-100-python/train and /test, and does not`);
  return { train, test, classNames: CIFAR100_CLASSES, superclassNames: CIFAR100_SUPERCLASSES };
}

function imagesOf(name: string, pickle: Uint8Array): Cifar100Images {
  const { labels, data } = readBatch(name, pickle, ['fine_labels', 'coarse_labels']);
  const [fine, coarse] = labels as [number[], number[]];
  check(name, 'fine', fine, CIFAR100_CLASSES);
  check(name, 'coarse', coarse, CIFAR100_SUPERCLASSES);
  const set = allocateImages(fine.length);
  set.labels.set(fine);
  let to = 0;
  for (let n = 0; n < set.length; n++) {
    const planes = planesOf(data, n);
    for (let pixel = 0; pixel < PLANE; pixel++) {
      for (let channel = 0; channel < CHANNELS; channel++) {
        set.images[to++] = planes[channel * PLANE + pixel]!;
      }
    }
  }
  return { ...set, coarseLabels: Uint8Array.from(coarse) };
}

function check(name: string, kind: string, labels: number[], names: readonly string[]): void {
  const odd = labels.find((label) => label >= names.length);
  if (odd !== undefined) {
    throw new Error(`${name}: a ${kind} label must be 0 to ${names.length - 1}, received ${odd}`);
  }
}
