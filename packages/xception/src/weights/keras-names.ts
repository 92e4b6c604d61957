import { blockOf, type Slot } from './slots';

/** What Keras calls the layers to which its Xception gives no name, by how their names end here. */
const automatic = {
  _residual_conv: 'conv2d',
  _residual_bn: 'batch_normalization',
  _add: 'add',
} as const;

/**
 * The names that Keras gives to these layers in a fresh process.
 *
 * All are the same but those of the shortcuts and of the sums, which Keras numbers by the order of their making.
 */
export function kerasNames(layers: readonly string[]): Map<string, string> {
  const names = new Map(layers.map((layer) => [layer, layer]));
  for (const [ending, name] of Object.entries(automatic)) {
    byBlock(layers, ending).forEach((layer, i) => {
      names.set(layer, i === 0 ? name : `${name}_${i}`);
    });
  }
  // Keras names the pool behind which a classifier follows, and not the pool of features.
  if (!layers.includes('predictions')) {
    for (const [pool, name] of [
      ['avg_pool', 'global_average_pooling2d'],
      ['max_pool', 'global_max_pooling2d'],
    ] as const) {
      if (names.has(pool)) names.set(pool, name);
    }
  }
  return names;
}

/** The layers of the shortcuts, by block. */
export function residuals(layers: readonly string[], part: 'conv' | 'bn'): string[] {
  return byBlock(layers, `_residual_${part}`);
}

function byBlock(layers: readonly string[], ending: string): string[] {
  return layers.filter((layer) => layer.endsWith(ending)).toSorted((a, b) => blockOf(a) - blockOf(b));
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
