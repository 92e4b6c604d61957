import { blockOf } from './slots';

/** What Keras calls the shortcuts' layers, to which it gives no name. */
const automatic = { conv: 'conv2d', bn: 'batch_normalization' } as const;

/**
 * The names that Keras gives to these layers in a fresh process.
 *
 * All are the same but those of the shortcuts, which Keras numbers by the order of their making.
 */
export function kerasNames(layers: readonly string[]): Map<string, string> {
  const names = new Map(layers.map((layer) => [layer, layer]));
  for (const part of ['conv', 'bn'] as const) {
    residuals(layers, part).forEach((layer, i) => {
      names.set(layer, i === 0 ? automatic[part] : `${automatic[part]}_${i}`);
    });
  }
  return names;
}

/** The layers of the shortcuts, by block. */
export function residuals(layers: readonly string[], part: 'conv' | 'bn'): string[] {
  return layers
    .filter((layer) => layer.endsWith(`_residual_${part}`))
    .toSorted((a, b) => blockOf(a) - blockOf(b));
}
