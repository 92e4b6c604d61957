import { CIFAR10_CLASSES, CIFAR10_MEAN, CIFAR10_STD, type LabeledImages } from '@xcp/cifar10';
import { SIDE, TEXTURES } from '../../../textures';

export type DataKind = 'cifar10' | 'textures';

/** What is known of a data set before it is there: all that a network trained on it needs to look at a picture. */
export interface DataFacts {
  classNames: readonly string[];
  /** Pixels of a side. */
  size: number;
  /** Per channel, of pixels in 0…1. */
  mean: readonly number[];
  std: readonly number[];
  /** Images of the training set that validate. */
  validation: number;
}

export const DATA_FACTS: Record<DataKind, DataFacts> = {
  cifar10: {
    classNames: CIFAR10_CLASSES,
    size: 32,
    mean: CIFAR10_MEAN,
    std: CIFAR10_STD,
    validation: 1000,
  },
  textures: {
    classNames: TEXTURES,
    size: SIDE,
    mean: [0.5, 0.5, 0.5],
    std: [0.25, 0.25, 0.25],
    validation: 64,
  },
};

export interface DataSet {
  train: LabeledImages;
  test: LabeledImages;
}
