import type { LayerSpec, Shape } from '../graph';

/** A weight of a layer: its name in Keras and TensorFlow.js, and its shape. */
export interface WeightDescription {
  name: string;
  shape: number[];
  trainable: boolean;
}

const trained = (name: string, ...shape: number[]): WeightDescription => ({ name, shape, trainable: true });
const fixed = (name: string, ...shape: number[]): WeightDescription => ({ name, shape, trainable: false });

/** The weights of a layer on an input of that shape, in their order in the layer. */
export function layerWeights(layer: LayerSpec, inputShape: Shape): WeightDescription[] {
  const channels = inputShape.at(-1)!;
  switch (layer.type) {
    case 'Conv2D':
      return [
        ...(layer.useBias ? [trained('bias', layer.filters)] : []),
        (layer.fixed ? fixed : trained)(
          'kernel',
          layer.kernelSize,
          layer.kernelSize,
          channels,
          layer.filters,
        ),
      ];
    case 'SeparableConv2D':
      return [
        trained('depthwise_kernel', layer.kernelSize, layer.kernelSize, channels, 1),
        trained('pointwise_kernel', 1, 1, channels, layer.filters),
      ];
    case 'BatchNormalization':
      return [trained('gamma', channels), trained('beta', channels), ...statistics(layer, channels)];
    case 'Dense':
      return [trained('kernel', channels, layer.units), trained('bias', layer.units)];
    default:
      return [];
  }
}

/** A pair for each application of the layer. */
function statistics({ applications }: { applications: number }, channels: number): WeightDescription[] {
  const prefixes = Array.from({ length: applications }, (_, n) => (n === 0 ? '' : `application_${n}_`));
  return prefixes.flatMap((prefix) => [
    fixed(`${prefix}moving_mean`, channels),
    fixed(`${prefix}moving_variance`, channels),
  ]);
}
