import * as tfl from '@tensorflow/tfjs-layers';
import {
  batchNormalization,
  conv2d,
  deriveSeed,
  dropout,
  dropPath,
  maxPooling2d,
  reLU,
  separableConv2d,
} from '@xcp/layers';
import type { ResolvedXceptionConfig } from './config';
import type { LayerSpec } from './graph';
import { kernelInitializer } from './kernel-initializer';

/** All but those that {@link buildModel} makes itself. */
type SimpleLayerSpec = Exclude<LayerSpec, { type: 'InputLayer' | 'Checkpoint' }>;

/** The TensorFlow.js layer of a specification; what draws random numbers has a seed of its own by its name. */
export function createLayer(c: ResolvedXceptionConfig, spec: SimpleLayerSpec): tfl.layers.Layer {
  const { name } = spec;
  switch (spec.type) {
    case 'Conv2D': {
      const { filters, kernelSize, strides, padding, kind, fixed = false, useBias = false } = spec;
      const initializer = kernelInitializer(c, name, kind);
      return conv2d({
        name,
        filters,
        kernelSize,
        strides,
        padding,
        useBias,
        kernelInitializer: initializer,
        kernelTrainable: !fixed,
      });
    }
    case 'SeparableConv2D': {
      const depthwiseInitializer = kernelInitializer(c, name, 'depthwise');
      const pointwiseInitializer = kernelInitializer(c, name, 'pointwise');
      const { filters, kernelSize } = spec;
      const options = { filters, kernelSize, depthwiseInitializer, pointwiseInitializer };
      return separableConv2d({ name, padding: 'same', ...options });
    }
    case 'BatchNormalization':
      return batchNormalization({
        name,
        momentum: c.batchNormMomentum,
        epsilon: c.batchNormEpsilon,
        unbiasedVariance: c.batchNormUnbiasedVariance,
        applications: spec.applications,
        gammaInitializer: spec.gamma ?? 'ones',
      });
    case 'ReLU':
      return reLU({ name });
    case 'MaxPooling2D': {
      const { poolSize, strides, padding } = spec;
      return maxPooling2d({ name, poolSize, strides, padding });
    }
    case 'Add':
      return tfl.layers.add({ name });
    case 'GlobalAveragePooling2D':
      return tfl.layers.globalAveragePooling2d({ name });
    case 'GlobalMaxPooling2D':
      return tfl.layers.globalMaxPooling2d({ name });
    case 'Dropout':
      return dropout({ name, rate: spec.rate, seed: deriveSeed(c.seed, name) });
    case 'DropPath':
      return dropPath({ name, rate: spec.rate, seed: deriveSeed(c.seed, name) });
    case 'Dense': {
      const { units } = spec;
      const initializer = kernelInitializer(c, name, 'dense');
      return tfl.layers.dense({
        name,
        units,
        activation: c.classifierActivation,
        kernelInitializer: initializer,
      });
    }
  }
}
