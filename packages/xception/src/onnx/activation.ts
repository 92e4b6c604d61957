import { type Application, cannotExport } from '../exporting/application';
import type { OnnxNode } from './graph';

const ops: Record<string, Pick<OnnxNode, 'op' | 'attributes'>> = {
  relu: { op: 'Relu' },
  sigmoid: { op: 'Sigmoid' },
  tanh: { op: 'Tanh' },
  elu: { op: 'Elu' },
  selu: { op: 'Selu' },
  softplus: { op: 'Softplus' },
  softsign: { op: 'Softsign' },
  // The channels, which are the second axis of images and of vectors.
  softmax: { op: 'Softmax', attributes: { axis: { int: 1 } } },
};

/** `nodes`, and behind the last of them an activation; the activation then has its output. */
export function activated(application: Application, name: unknown, nodes: OnnxNode[]): OnnxNode[] {
  if (name === undefined || name === null || name === 'linear') return nodes;
  const op = ops[String(name)];
  if (!op) {
    throw cannotExport(
      application,
      `has the activation \`${name}\`; those that can be exported are linear, ${Object.keys(ops).join(', ')}`,
    );
  }
  const last = nodes.at(-1)!;
  const before = `${last.output}/linear`;
  return [
    ...nodes.slice(0, -1),
    { ...last, output: before },
    { ...op, inputs: [before], output: last.output },
  ];
}
