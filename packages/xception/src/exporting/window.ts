import { type Application, cannotExport } from './application';

/** A window of a convolution or a pool, as layers describe it. */
export interface Window {
  kernelSize: readonly [number, number];
  strides: readonly [number, number];
  dilations: readonly [number, number];
  /** `'symmetric'` is PyTorch's: the same on both sides, whatever the stride. */
  padding: 'same' | 'valid' | 'symmetric';
}

/** The window of a convolution. */
export function windowOf(application: Application): Window {
  const { kernelSize, strides, dilationRate, padding, dataFormat } = application.config;
  if (dataFormat === 'channelsFirst') throw cannotExport(application, 'must have its channels last');
  return {
    kernelSize: pair(kernelSize),
    strides: pair(strides),
    dilations: pair(dilationRate ?? 1),
    padding: padding as Window['padding'],
  };
}

/** The window of a pool. */
export function poolOf(application: Application): Window {
  const { config } = application;
  if (config.dataFormat === 'channelsFirst') throw cannotExport(application, 'must have its channels last');
  return {
    kernelSize: pair(config.poolSize),
    strides: pair(config.strides),
    dilations: [1, 1],
    padding: config.padding as Window['padding'],
  };
}

/** A size of a layer's configuration as [height, width]. */
const pair = (size: unknown) => (Array.isArray(size) ? size : [size, size]) as [number, number];
