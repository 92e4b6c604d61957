import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

/**
 * The outputs of layers that `targets` are computed from, and themselves, each behind its inputs; those that
 * are `known` and what only they need are left out.
 *
 * A layer that is applied several times has one for each application.
 */
export function nodesBehind(
  targets: readonly tfl.SymbolicTensor[],
  known: ReadonlyMap<tfl.SymbolicTensor, unknown> = new Map(),
): tfl.SymbolicTensor[] {
  const nodes = new Set<tfl.SymbolicTensor>();
  const visit = (node: tfl.SymbolicTensor) => {
    if (nodes.has(node) || known.has(node)) return;
    for (const input of node.inputs) visit(input);
    nodes.add(node);
  };
  for (const target of targets) visit(target);
  return [...nodes];
}

/** Computes `target` for inference; the outputs in `known` are taken as they are. To be called in `tf.tidy`. */
export function runFrom(
  known: ReadonlyMap<tfl.SymbolicTensor, tf.Tensor>,
  target: tfl.SymbolicTensor,
): tf.Tensor {
  const values = new Map(known);
  for (const node of nodesBehind([target], known)) {
    const inputs = node.inputs.map((input) => values.get(input)!);
    const output = node.sourceLayer.apply(inputs.length === 1 ? inputs[0]! : inputs, { training: false });
    values.set(node, output as tf.Tensor);
  }
  return values.get(target)!;
}
