import type { XceptionConfig } from './config';
import { nodesOf } from './graph';
import { network } from './network';
import { resolveConfig } from './resolve-config';
import { kerasNames } from './weights/keras-names';

export interface KerasLayerNames {
  /** From the name of a layer here to its name in Keras. */
  toKeras: Record<string, string>;
  /** The other way. */
  fromKeras: Record<string, string>;
}

/**
 * The names that the layers of a network have in Keras, in a fresh process, and the other way round.
 *
 * Keras's Xception names all layers but the shortcuts' and the sums, which it numbers by the order of their making.
 * A layer that Keras's own network lacks has the same name on both sides.
 *
 * @example
 * const { toKeras, fromKeras } = kerasLayerNames();
 * toKeras.block2_residual_conv; // 'conv2d'
 * fromKeras.conv2d_3; // 'block13_residual_conv'
 * @throws if the configuration is wrong, as {@link resolveConfig} does.
 * @see keras/src/applications/xception.py
 */
export function kerasLayerNames(config: XceptionConfig = {}): KerasLayerNames {
  const layers = nodesOf(network(resolveConfig(config))).map(({ layer }) => layer.name);
  const names = [...kerasNames([...new Set(layers)])];
  return {
    toKeras: Object.fromEntries(names),
    fromKeras: Object.fromEntries(names.map(([here, keras]) => [keras, here])),
  };
}
