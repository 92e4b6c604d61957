import { activated as activatedBy } from '../exporting/activated';
import type { Application } from '../exporting/application';
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
export const activated = (application: Application, name: unknown, nodes: OnnxNode[]): OnnxNode[] =>
  activatedBy(application, name, nodes, ops);
