import { type Node, nodesOf } from '../graph';
import { sizeOf } from './layer-macs';

/** The result of a layer, which may be computed only when another one reads it. */
interface Value {
  size: number;
  /** How many layers and plans have still to read it. */
  readers: number;
  computed: boolean;
  /** What it will be computed from. */
  plan?: Value;
}

/** Of the images: the caller's own, what `predict` takes of them, and the one that a traced function works on. */
const COPIES = 3;

/** Layers that join the convolution before them, or do nothing in a prediction. */
const joins = ['BatchNormalization', 'ReLU', 'Dropout', 'DropPath'];

/**
 * The most numbers in memory for one example of a prediction, beside the parameters.
 *
 * It follows what the `xcp` engine does: a convolution with the normalization and the rectifier behind it is one
 * result; it is computed when the next layer, whose own output has its memory by then, reads it, and freed behind the
 * last layer that does.
 */
export function inferencePeak(output: Node): number {
  let live = 0;
  let peak = 0;
  const allocate = (value: Value) => {
    live += value.size;
    peak = Math.max(peak, live);
    value.computed = true;
  };
  const release = (value: Value) => {
    if (--value.readers > 0) return;
    if (value.computed) live -= value.size;
    else if (value.plan) release(value.plan);
  };
  const compute = (value: Value) => {
    if (value.computed) return;
    if (value.plan) compute(value.plan);
    allocate(value);
    if (value.plan) release(value.plan);
  };

  const nodes = nodesOf(output);
  const join = (node: Node, value: Value): Value => {
    const readers = readersOf(node, nodes);
    // What others read without the rectifier is computed a second time with it.
    if (value.readers > 1 && value.plan && node.layer.type === 'ReLU') {
      value.readers--;
      value.plan.readers++;
      return { ...value, readers };
    }
    value.readers += readers - 1;
    return value;
  };
  const values = new Map<Node, Value>();
  for (const node of nodes) {
    const inputs = node.inputs.map((input) => values.get(input)!);
    if (joins.includes(node.layer.type)) {
      values.set(node, join(node, inputs[0]!));
      continue;
    }
    const value: Value = { size: sizeOf(node.shape), readers: readersOf(node, nodes), computed: false };
    values.set(node, value);
    if (node.layer.type === 'Conv2D') {
      value.plan = inputs[0]!;
      value.plan.readers++;
    } else if (node.layer.type === 'SeparableConv2D') {
      // The depthwise convolution is not put off: what it gives waits for the 1×1 convolution.
      value.plan = { size: inputs[0]!.size, readers: 1, computed: false };
      allocate(value.plan);
      inputs.forEach(compute);
    } else {
      allocate(value);
      inputs.forEach(compute);
    }
    inputs.forEach(release);
  }
  return peak + COPIES * sizeOf(nodes[0]!.shape);
}

const readersOf = (node: Node, nodes: readonly Node[]) =>
  nodes.reduce((count, { inputs }) => count + inputs.filter((input) => input === node).length, 0);
