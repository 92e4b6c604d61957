import { blockOf, type Slot } from './slots';

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

const kinds = [
  'kernel',
  'bias',
  'depthwise_kernel',
  'pointwise_kernel',
  'gamma',
  'beta',
  'moving_mean',
  'moving_variance',
];

/** Throws if Keras has no such weights, as for a middle flow that shares its kernels alone. */
export function requireKerasKinds(subject: string, slots: readonly Slot[]): void {
  const odd = slots.filter(({ kind }) => !kinds.includes(kind)).map(({ name }) => name);
  if (odd.length === 0) return;
  throw new Error(
    `${subject}: Keras's layers must have a place for every weight, and have none for ${odd.join(', ')}; export with our names`,
  );
}
