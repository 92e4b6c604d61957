import type { Constant } from '../exporting/application';
import type { OnnxGraph, OnnxNode } from './graph';

/**
 * Puts every batch normalization that directly follows a convolution into the convolution's kernel and bias.
 *
 * Computed in double precision. A convolution that something else reads as well keeps its normalization.
 */
export function foldBatchNorm(graph: OnnxGraph): OnnxGraph {
  const constants = new Map(graph.constants);
  const read = new Map<string, number>();
  for (const name of [
    ...graph.nodes.flatMap(({ inputs }) => inputs),
    ...graph.outputs.map(({ name }) => name),
  ]) {
    read.set(name, (read.get(name) ?? 0) + 1);
  }
  const producers = new Map(graph.nodes.map((node) => [node.output, node]));
  const replaced = new Map<OnnxNode, OnnxNode | null>();
  for (const node of graph.nodes) {
    const conv = node.op === 'BatchNormalization' ? producers.get(node.inputs[0]!) : undefined;
    if (conv?.op !== 'Conv' || read.get(conv.output) !== 1) continue;
    replaced.set(conv, null);
    replaced.set(node, { ...conv, inputs: foldedInputs(conv, node, constants), output: node.output });
  }
  const nodes = graph.nodes.flatMap((node) => {
    const other = replaced.get(node);
    return other === undefined ? [node] : other ? [other] : [];
  });
  return { ...graph, nodes, constants };
}

/** [input, kernel, bias] of a convolution that normalizes too; its constants have names of their own. */
function foldedInputs(conv: OnnxNode, norm: OnnxNode, constants: Map<string, Constant>): string[] {
  const [input, kernelName, biasName] = conv.inputs as [string, string, string?];
  const [, gamma, beta, mean, variance] = norm.inputs.map((name) => constants.get(name)?.data) as [
    unknown,
    ...Float32Array[],
  ];
  const { float: epsilon } = norm.attributes!.epsilon as { float: number };
  const kernel = constants.get(kernelName)!;
  const bias = biasName === undefined ? undefined : constants.get(biasName)!.data;
  const perOutput = kernel.data.length / gamma!.length;
  const scales = Array.from(gamma!, (value, o) => value / Math.sqrt(variance![o]! + epsilon));
  const names = { kernel: `${kernelName}*${norm.inputs[3]}`, bias: `${kernelName}+${norm.inputs[3]}` };
  constants.set(names.kernel, {
    dims: kernel.dims,
    data: kernel.data.map((value, i) => value * scales[Math.floor(i / perOutput)]!),
  });
  constants.set(names.bias, {
    dims: [gamma!.length],
    data: Float32Array.from(scales, (scale, o) => ((bias?.[o] ?? 0) - mean![o]!) * scale + beta![o]!),
  });
  return [input, names.kernel, names.bias];
}
