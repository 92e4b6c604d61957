import { resolve } from 'node:path';
import type { AugmentOptions } from '@xcp/cifar10';
import { encode } from 'fast-png';
import { merge } from '../config/merge';
import { parseSet } from '../config/parse-set';
import type { Context } from '../context';
import { displayPath } from '../run-folder/display-path';
import { checkOutput, writeOutput } from '../run-folder/write-output';
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
  const file = { option: '--out', given: given.out, path: resolve(io.cwd, given.out) };
  checkOutput(file);
  const cifar10 = await interruptible(
    io,
    output,
    () => 'No sheet was written.',
    (signal) => loadData(wanted, context, output, signal),
  );
  const { width, height, data, indices } = contactSheet(cifar10[given.split], { ...given, augment });
  writeOutput(file, encode({ width, height, channels: 3, depth: 8, data }));
  const shown = displayPath(file.path, io.cwd);
  const { classNames } = cifar10;
  output.say(`${shown}  ${width}×${height} pixels, ${given.columns} images of each class (${given.split})`);
  output.say(`rows    ${classNames.join(', ')}`);
  output.emit({ file: shown, width, height, split: given.split, rows: classNames, indices, augment });
}
