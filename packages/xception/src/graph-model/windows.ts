import type { Application } from '../exporting/application';
import type { Window } from '../exporting/window';
import { type Attribute, type GraphNode, ints } from './graph';

/** The attributes of a window that TensorFlow pads itself, or not at all. */
export function windowAttributes({ strides, dilations, padding }: Window): Record<string, Attribute> {
  return {
    strides: { ints: [1, ...strides, 1] },
    dilations: { ints: [1, ...dilations, 1] },
    padding: { string: padding === 'same' ? 'SAME' : 'VALID' },
    data_format: { string: 'NHWC' },
  };
}

/**
 * What pads a map as PyTorch does, the same on either side, where a window asks for it: TensorFlow's `SAME` has less in
 * front. The last of the nodes has what the window is to read; there is none where TensorFlow pads itself.
 */
export function symmetricPadding(
  application: Application,
  { kernelSize, dilations, padding }: Window,
  input: string,
  value: number,
): GraphNode[] {
  if (padding !== 'symmetric') return [];
  const [rows, columns] = [0, 1].map((axis) => Math.floor(((kernelSize[axis]! - 1) * dilations[axis]!) / 2));
  const paddings = `${application.output}/paddings`;
  const filled = application.constant('padding', { dims: [], data: Float32Array.of(value) });
  return [
    ints(paddings, [4, 2], [0, 0, rows!, rows!, columns!, columns!, 0, 0]),
    { op: 'PadV2', inputs: [input, paddings, filled], output: `${application.output}/padded` },
  ];
}
