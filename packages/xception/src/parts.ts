import { dropPathOf } from './blocks';
import type { ResolvedXceptionConfig } from './config';
import { layer, type Node, type Part, sequence, type WindowPadding } from './graph';
import { widened } from './widened';

export const relu = (name: string): Part => layer({ type: 'ReLU', name });

/** A 3×3 separable convolution and its batch normalization. */
export function separableConvBn(
  c: ResolvedXceptionConfig,
  name: string,
  filters: number,
  /** `endsBranch`: whether a shortcut is added to what it gives. */
  { applications = 1, endsBranch = false }: { applications?: number; endsBranch?: boolean } = {},
): Part {
  const gamma = endsBranch ? c.residualGammaInitializer : 'ones';
  return sequence(
    layer({ type: 'SeparableConv2D', name, filters: widened(c, filters), kernelSize: 3 }),
    layer({ type: 'BatchNormalization', name: `${name}_bn`, applications, gamma }),
  );
}

/** A convolution of the stem and its batch normalization, which a whitened one needs not. */
export function stemConvBn(c: ResolvedXceptionConfig, name: string, index: 0 | 1): Part {
  const filters = widened(c, c.stem.filters[index]);
  const strides = c.stem.strides[index];
  const padding = c.stem.padding === 'valid' ? 'valid' : samePadding(c, strides);
  const window = { kernelSize: c.stem.kernelSizes[index], strides, padding, kind: 'conv' } as const;
  if (index === 0 && c.stem.whiten) {
    return layer({ type: 'Conv2D', name, filters, ...window, fixed: true, useBias: c.stem.bias });
  }
  return sequence(
    layer({ type: 'Conv2D', name, filters, ...window }),
    layer({ type: 'BatchNormalization', name: `${name}_bn`, applications: 1 }),
  );
}

/** The shortcut around a block that changes the shape: a 1×1 convolution and its batch normalization. */
export function residual(c: ResolvedXceptionConfig, block: string, filters: number, strides: number): Part {
  const name = `${block}_residual_conv`;
  const window = { kernelSize: 1, strides, padding: 'same', kind: 'pointwise' } as const;
  return sequence(
    layer({ type: 'Conv2D', name, filters: widened(c, filters), ...window }),
    layer({ type: 'BatchNormalization', name: `${block}_residual_bn`, applications: 1 }),
  );
}

/** The 3×3 max pool that ends a block, or nothing where the block keeps its resolution. */
export function pool(c: ResolvedXceptionConfig, block: string, strides: number): Part {
  if (strides === 1) return (x) => x;
  const padding = samePadding(c, strides);
  return layer({ type: 'MaxPooling2D', name: `${block}_pool`, poolSize: 3, strides, padding });
}

/** The sum of a block's residual branch and its shortcut. */
export function add(c: ResolvedXceptionConfig, block: number, branch: Node, shortcut: Node): Node {
  const rate = dropPathOf(c, block);
  const name = `block${block}_drop_path`;
  const kept = rate > 0 ? layer({ type: 'DropPath', name, rate })(branch) : branch;
  return layer({ type: 'Add', name: `block${block}_add` })(kept, shortcut);
}

/** With strides of 1 the two ways to pad are the same, and the plain one has the faster kernels. */
function samePadding({ padding }: ResolvedXceptionConfig, strides: number): WindowPadding {
  return padding === 'torch' && strides > 1 ? 'symmetric' : 'same';
}
