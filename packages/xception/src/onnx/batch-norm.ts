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
  return activated(application, config.activation ?? 'linear', [
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
  const moving = movingPrefix(application, config);
  const mean = needed(application, `${prefix}${moving}moving_mean`);
  const filled = (value: number) => ({
    dims: mean.dims,
    data: new Float32Array(mean.data.length).fill(value),
  });
  const constants = [
    ['gamma', application.weight(`${prefix}gamma`) ?? filled(1)],
    ['beta', application.weight(`${prefix}beta`) ?? filled(0)],
    [`${moving}moving_mean`, mean],
    [`${moving}moving_variance`, needed(application, `${prefix}${moving}moving_variance`)],
  ] as const;
  return {
    op: 'BatchNormalization',
    inputs: [input, ...constants.map(([name, value]) => application.constant(`${prefix}${name}`, value))],
    output,
    attributes: { epsilon: { float: Number(config.epsilon) } },
  };
}

/** A shared layer may have moving statistics for each of its applications. */
function movingPrefix({ index }: Application, { applications = 1 }: tf.serialization.ConfigDict): string {
  const n = index % Number(applications);
  return n === 0 ? '' : `application_${n}_`;
}
