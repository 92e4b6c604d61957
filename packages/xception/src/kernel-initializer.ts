import { deriveSeed, type VarianceScaling, varianceScaling } from '@xcp/layers';
import type { ResolvedXceptionConfig } from './config';

export type KernelKind = 'conv' | 'depthwise' | 'pointwise' | 'dense';

/** The initializer of one kernel, with a seed of its own: a function of (seed, layer, kind) and nothing else. */
export function kernelInitializer(
  { kernelInitializer, seed }: ResolvedXceptionConfig,
  layer: string,
  kind: KernelKind,
): VarianceScaling {
  const own = deriveSeed(seed, layer, kind);
  if (kernelInitializer === 'glorotUniform' || kind === 'dense') {
    return varianceScaling({ seed: own, mode: 'fanAvg', distribution: 'uniform' });
  }
  // A depthwise output reads h·w inputs; Keras counts that as the fan-out, and as fan-in h·w·channels.
  return varianceScaling({ seed: own, scale: 2, mode: kind === 'conv' ? 'fanIn' : 'fanOut' });
}
