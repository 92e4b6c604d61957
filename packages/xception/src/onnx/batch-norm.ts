import type * as tf from '@tensorflow/tfjs-core';
import { activated } from './activation';
import { type Application, type Converter, cannotExport, needed } from './application';
import type { OnnxNode } from './graph';

export const batchNormalization: Converter = (application) => {
  const { inputs, output, config } = application;
  const rank = application.shape.length;
  if (![2, 4].includes(rank) || ![-1, rank - 1].includes(Number(config.axis))) {
    throw cannotExport(application, 'must normalize images or vectors, over their last axis');
  }
  return activated(application, config.activation, [
    batchNormNode(application, inputs[0]!, output, config, ''),
  ]);
};

/** Normalization with the moving statistics; `prefix` stands before the names of the weights. */
export function batchNormNode(
  application: Application,
  input: string,
  output: string,
  config: tf.serialization.ConfigDict,
  prefix: string,
): OnnxNode {
  const [meanName, varianceName] = ['moving_mean', 'moving_variance'].map(
    (name) => `${prefix}${ofApplication(application, config)}${name}`,
  ) as [string, string];
  const mean = needed(application, meanName);
  const filled = (value: number) => ({
    dims: mean.dims,
    data: new Float32Array(mean.data.length).fill(value),
  });
  const constants = [
    [`${prefix}gamma`, application.weight(`${prefix}gamma`) ?? filled(1)],
    [`${prefix}beta`, application.weight(`${prefix}beta`) ?? filled(0)],
    [meanName, mean],
    [varianceName, needed(application, varianceName)],
  ] as const;
  return {
    op: 'BatchNormalization',
    inputs: [input, ...constants.map(([name, value]) => application.constant(name, value))],
    output,
    attributes: { epsilon: { float: Number(config.epsilon) } },
  };
}

/** What stands before the names of the moving statistics, where every application has its own. */
function ofApplication({ index }: Application, { applications = 1 }: tf.serialization.ConfigDict): string {
  return Number(applications) > 1 && index > 0 ? `application_${index}_` : '';
}
