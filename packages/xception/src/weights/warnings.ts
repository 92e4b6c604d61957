import type * as tfl from '@tensorflow/tfjs-layers';
import type { WeightNames } from './match-names';
import { allLayers } from './slots';

/** What must stand in a model for weights of either origin to give the numbers that they give there. */
const expected = {
  keras: { epsilon: 1e-3, padding: 'same' },
  timm: { epsilon: 1e-5, padding: 'symmetric' },
} as const;

/** Where a model differs from those that weights with these names come from. */
export function warningsOf(model: tfl.LayersModel, names: WeightNames): string[] {
  // Ours may be from any model.
  if (names === 'xcp') return [];
  const { epsilon, padding } = expected[names];
  const configs = allLayers(model).map((layer) => layer.getConfig());
  const epsilons = configs.flatMap((config) => (typeof config.epsilon === 'number' ? [config.epsilon] : []));
  const pools = configs.filter((config) => config.poolSize !== undefined && config.padding !== undefined);
  const warnings: string[] = [];
  const other = epsilons.find((value) => value !== epsilon);
  if (other !== undefined) {
    warnings.push(`these weights need \`batchNormEpsilon: ${epsilon}\`, and the model has ${other}`);
  }
  if (pools.some((config) => config.padding !== padding)) {
    const option = names === 'keras' ? 'keras' : 'torch';
    warnings.push(
      `these weights were trained with the padding of ${names === 'keras' ? 'Keras' : 'PyTorch'} (\`padding: '${option}'\`), ` +
        `and the model pads its pools '${pools[0]!.padding}': on maps of even size its numbers differ`,
    );
  }
  return warnings;
}
