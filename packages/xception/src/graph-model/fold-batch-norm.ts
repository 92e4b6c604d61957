import type { Constant } from '../exporting/application';
import type { Graph, GraphNode } from './graph';

/**
 * Puts every batch normalization that directly follows a convolution without a bias into the convolution's kernel and
 * into a bias behind it.
 *
 * Computed in double precision. A convolution that something else reads as well keeps its normalization.
 */
export function foldBatchNorm(graph: Graph): Graph {
  const constants = new Map(graph.constants);
  const reads = new Map<string, number>();
  const outputs = graph.outputs.map(({ name }) => name);
  for (const name of [...graph.nodes.flatMap(({ inputs }) => inputs), ...outputs]) {
    reads.set(name, (reads.get(name) ?? 0) + 1);
  }
  const producers = new Map(graph.nodes.map((node) => [node.output, node]));
  const replaced = new Map<GraphNode, GraphNode[]>();
  for (const node of graph.nodes) {
    const conv = node.op === 'FusedBatchNormV3' ? producers.get(node.inputs[0]!) : undefined;
    if (!conv || !isConvolution(conv) || reads.get(conv.output) !== 1) continue;
    replaced.set(conv, []);
    replaced.set(node, folded(conv, node, constants));
  }
  const nodes = graph.nodes.flatMap((node) => replaced.get(node) ?? [node]);
  return { ...graph, nodes, constants };
}

const isConvolution = ({ op }: GraphNode) => op === 'Conv2D' || op === 'DepthwiseConv2dNative';

/** A convolution that normalizes too; its constants have names of their own. */
function folded(conv: GraphNode, norm: GraphNode, constants: Map<string, Constant>): GraphNode[] {
  const [input, kernelName] = conv.inputs as [string, string];
  const [gamma, beta, mean, variance] = norm.inputs.slice(1).map((name) => constants.get(name)!.data) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const { float: epsilon } = norm.attributes!.epsilon as { float: number };
  const kernel = constants.get(kernelName)!;
  const scales = Array.from(gamma, (value, o) => value / Math.sqrt(variance[o]! + epsilon));
  const names = {
    kernel: `${kernelName}/times/${norm.inputs[3]}`,
    bias: `${kernelName}/plus/${norm.inputs[3]}`,
  };
  // What the outputs are made with lies next to each other: [height, width, in, out], or [height, width, in · multiplier].
  constants.set(names.kernel, {
    dims: kernel.dims,
    data: kernel.data.map((value, i) => value * scales[i % scales.length]!),
  });
  constants.set(names.bias, {
    dims: [scales.length],
    data: Float32Array.from(scales, (scale, o) => beta[o]! - mean[o]! * scale),
  });
  return [
    { ...conv, inputs: [input, names.kernel] },
    { op: 'BiasAdd', inputs: [conv.output, names.bias], output: norm.output },
  ];
}
