import { activated as activatedBy } from '../exporting/activated';
import type { Application } from '../exporting/application';
import type { GraphNode } from './graph';

const ops: Record<string, Pick<GraphNode, 'op'>> = {
  relu: { op: 'Relu' },
  relu6: { op: 'Relu6' },
  sigmoid: { op: 'Sigmoid' },
  tanh: { op: 'Tanh' },
  elu: { op: 'Elu' },
  selu: { op: 'Selu' },
  softplus: { op: 'Softplus' },
  softmax: { op: 'Softmax' },
};

/** `nodes`, and behind the last of them an activation; the activation then has its output. */
export const activated = (application: Application, name: unknown, nodes: GraphNode[]): GraphNode[] =>
  activatedBy(application, name, nodes, ops);
