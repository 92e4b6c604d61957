import { type Application, cannotExport } from '../exporting/application';
import type { GraphNode } from './graph';

const ops: Record<string, string> = {
  relu: 'Relu',
  relu6: 'Relu6',
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  elu: 'Elu',
  selu: 'Selu',
  softplus: 'Softplus',
  softmax: 'Softmax',
};

/** `nodes`, and behind the last of them an activation; the activation then has its output. */
export function activated(application: Application, name: unknown, nodes: GraphNode[]): GraphNode[] {
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
  return [...nodes.slice(0, -1), { ...last, output: before }, { op, inputs: [before], output: last.output }];
}
