import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AugmentOptions } from '@xcp/cifar10';
import { encode } from 'fast-png';
import { merge } from '../config/merge';
import { parseSet } from '../config/parse-set';
import type { Context } from '../context';
import { displayPath } from '../run-folder/display-path';
import type { Output } from '../terminal/output';
import { interruptible } from '../training/interrupt';
import { dataOptions, loadData } from '../training/load-data';
import { contactSheet } from './contact-sheet';

export interface SampleOptions {
  out: string;
  split: 'train' | 'test';
  columns: number;
  scale: number;
  seed: number;
  epoch: number;
  augment: readonly string[];
  data?: string;
  cacheDir?: string;
}

/** Writes a sheet of images and says what stands on it. */
export async function sampleData(given: SampleOptions, context: Context, output: Output): Promise<void> {
  const { io } = context;
  // The loader checks what they say.
  const settings = given.augment.map((text) => parseSet(text, '--augment'));
  const augment = merge({}, settings) as AugmentOptions;
  const wanted = dataOptions(given, io.cwd);
  const cifar10 = await interruptible(
    io,
    output,
    () => 'No sheet was written.',
    (signal) => loadData(wanted, context, output, signal),
  );
  const { width, height, data, indices } = contactSheet(cifar10[given.split], { ...given, augment });
  const file = resolve(io.cwd, given.out);
  writeFileSync(file, encode({ width, height, channels: 3, depth: 8, data }));
  const shown = displayPath(file, io.cwd);
  const { classNames } = cifar10;
  output.say(`${shown}  ${width}×${height} pixels, ${given.columns} images of each class (${given.split})`);
  output.say(`rows    ${classNames.join(', ')}`);
  output.emit({ file: shown, width, height, split: given.split, rows: classNames, indices, augment });
}
