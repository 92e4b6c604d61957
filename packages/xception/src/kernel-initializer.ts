import * as tfl from '@tensorflow/tfjs-layers';
import { deriveSeed, identityKernel, varianceScaling } from '@xcp/layers';
import type { KernelInitializerName } from './choices';
import type { ResolvedXceptionConfig } from './config';

export type KernelKind = 'conv' | 'depthwise' | 'pointwise' | 'dense';

const scales = { glorot: 1, he: 2, lecun: 1, torch: 1 / 3 };

/** The initializer of one kernel, with a seed of its own: a function of (seed, layer, kind) and nothing else. */
export function kernelInitializer(c: ResolvedXceptionConfig, layer: string, kind: KernelKind) {
  const name = nameOf(c, kind);
  if (name === 'zeros') return tfl.initializers.zeros();
  if (name === 'identity') {
    return identityKernel({ depthwise: kind === 'depthwise', seed: deriveSeed(c.seed, layer, kind) });
  }
  const family = name.replace(/Uniform|Normal/, '') as keyof typeof scales;
  return varianceScaling({
    seed: deriveSeed(c.seed, layer, kind),
    scale: scales[family],
    mode: fanMode(family, kind),
    distribution: name.endsWith('Normal') ? 'truncatedNormal' : 'uniform',
  });
}

function nameOf(c: ResolvedXceptionConfig, kind: KernelKind): KernelInitializerName | 'zeros' {
  if (kind === 'dense') return c.classifierInitializer;
  if (kind === 'depthwise') return c.depthwiseInitializer;
  return kind === 'pointwise' ? c.pointwiseInitializer : c.kernelInitializer;
}

function fanMode(family: keyof typeof scales, kind: KernelKind) {
  if (family === 'glorot') return 'fanAvg';
  // A depthwise output reads h·w inputs; Keras counts that as the fan-out, and as fan-in h·w·channels.
  if (kind === 'depthwise') return 'fanOut';
  return family === 'he' && kind === 'pointwise' ? 'fanOut' : 'fanIn';
}
