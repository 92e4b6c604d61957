import type { Application, Converter } from '../exporting/application';
import { type Normalization, normalizationOf } from '../exporting/normalization';
import { activated } from './activation';
import type { OnnxNode } from './graph';

export const batchNormalization: Converter<OnnxNode> = (application) => {
  const { inputs, output, config } = application;
  return activated(application, config.activation, [
    batchNormNode(application, inputs[0]!, output, normalizationOf(application)),
  ]);
};

export function batchNormNode(
  application: Application,
  input: string,
  output: string,
  { constants, epsilon }: Normalization,
): OnnxNode {
  return {
    op: 'BatchNormalization',
    inputs: [input, ...constants.map(([name, value]) => application.constant(name, value))],
    output,
    attributes: { epsilon: { float: epsilon } },
  };
}
