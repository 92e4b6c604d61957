import type { KernelKind } from './kernel-initializer';

/** [height, width, channels] of a map, or [features] of a vector; of one example. */
export type Shape = number[];

/** How a window lies on the map: TensorFlow's two ways, and PyTorch's, which pads the same on either side. */
export type WindowPadding = 'same' | 'valid' | 'symmetric';

/** A layer as plain data: what it is called, what it computes, and what its output's shape follows from. */
export type LayerSpec =
  | { type: 'InputLayer'; name: string; shape: Shape }
  | {
      type: 'Conv2D';
      name: string;
      filters: number;
      kernelSize: number;
      strides: number;
      padding: WindowPadding;
      kind: KernelKind;
      /** Whether the kernel never trains. */
      fixed?: boolean;
      useBias?: boolean;
    }
  | { type: 'SeparableConv2D'; name: string; filters: number; kernelSize: number }
  | { type: 'BatchNormalization'; name: string; applications: number; gamma?: 'ones' | 'zeros' }
  | { type: 'ReLU'; name: string }
  | { type: 'MaxPooling2D'; name: string; poolSize: number; strides: number; padding: WindowPadding }
  | { type: 'Add'; name: string }
  | { type: 'DropPath'; name: string; rate: number }
  | { type: 'GlobalAveragePooling2D'; name: string }
  | { type: 'GlobalMaxPooling2D'; name: string }
  | { type: 'Dropout'; name: string; rate: number }
  | { type: 'Dense'; name: string; units: number }
  /** Layers whose activations are computed again in the backward pass. */
  | { type: 'Checkpoint'; name: string; body: Body };

/** A graph within a graph. */
export interface Body {
  input: Node;
  output: Node;
}

/** One application of a layer. */
export interface Node {
  readonly layer: LayerSpec;
  readonly inputs: readonly Node[];
  /** 0 for the first application of its layer. */
  readonly application: number;
  readonly shape: Shape;
}

/** A part of the network: makes its layers when it is made, and applies them as often as it is called. */
export type Part = (x: Node) => Node;

/** The input of a graph. */
export function input(name: string, shape: Shape): Node {
  return { layer: { type: 'InputLayer', name, shape }, inputs: [], application: 0, shape };
}

/** A layer that can be applied several times, with the same weights. */
export function layer(spec: LayerSpec): (...inputs: Node[]) => Node {
  let application = 0;
  return (...inputs) => {
    const shape = outputShape(spec, inputs[0]!.shape);
    return { layer: spec, inputs, application: application++, shape };
  };
}

/** One part behind the other. */
export function sequence(...parts: Part[]): Part {
  return (x) => parts.reduce((y, next) => next(y), x);
}

/** Every node that an output needs, each behind its inputs, in the order in which they are computed. */
export function nodesOf(output: Node): Node[] {
  const nodes = new Set<Node>();
  const visit = (node: Node) => {
    if (nodes.has(node)) return;
    node.inputs.forEach(visit);
    nodes.add(node);
  };
  visit(output);
  return [...nodes];
}

/** The nodes of {@link nodesOf}, with those of graphs within in the place of these. */
export function innermostNodes(output: Node): Node[] {
  return nodesOf(output).flatMap((node) =>
    node.layer.type === 'Checkpoint'
      ? innermostNodes(node.layer.body.output).filter(({ layer }) => layer.type !== 'InputLayer')
      : node,
  );
}

function outputShape(spec: LayerSpec, [height = 0, width = 0, channels = 0]: Shape): Shape {
  switch (spec.type) {
    case 'Conv2D':
      return [
        windowPlaces(height, spec.kernelSize, spec),
        windowPlaces(width, spec.kernelSize, spec),
        spec.filters,
      ];
    case 'MaxPooling2D':
      return [windowPlaces(height, spec.poolSize, spec), windowPlaces(width, spec.poolSize, spec), channels];
    case 'SeparableConv2D':
      return [height, width, spec.filters];
    case 'GlobalAveragePooling2D':
    case 'GlobalMaxPooling2D':
      return [channels];
    case 'Dense':
      return [spec.units];
    case 'InputLayer':
      return spec.shape;
    case 'Checkpoint':
      return spec.body.output.shape;
    default:
      return width === 0 ? [height] : [height, width, channels];
  }
}

function windowPlaces(
  side: number,
  size: number,
  { strides, padding }: { strides: number; padding: WindowPadding },
): number {
  const reach = padding === 'valid' ? size - 1 : 0;
  return Math.ceil((side - reach) / strides);
}
