import type { Node } from '../graph';
import { layerWeights } from './layer-weights';

/** How many numbers a shape holds. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/**
 * Multiply-accumulates of one application of a layer to one example: of convolutions and dense layers, the products
 * with a kernel, which is applied at every place of the output. The bias is not counted.
 */
export function layerMacs({ layer, inputs, shape }: Node): number {
  const places = sizeOf(shape.slice(0, -1));
  return layerWeights(layer, inputs[0]?.shape ?? [])
    .filter(({ name }) => name.endsWith('kernel'))
    .reduce((sum, kernel) => sum + places * sizeOf(kernel.shape), 0);
}
