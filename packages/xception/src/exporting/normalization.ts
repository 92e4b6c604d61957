import type * as tf from '@tensorflow/tfjs-core';
import { type Application, type Constant, cannotExport, needed } from './application';

/** A normalization with the moving statistics: its constants in the order gamma, beta, mean, variance, with names. */
export interface Normalization {
  constants: readonly (readonly [string, Constant])[];
  epsilon: number;
}

/** What a batch normalization layer does to one application; throws where it normalizes over another axis. */
export function normalizationOf(application: Application): Normalization {
  const { config } = application;
  const rank = application.shape.length;
  if (![2, 4].includes(rank) || ![-1, rank - 1].includes(Number(config.axis))) {
    throw cannotExport(application, 'must normalize images or vectors, over their last axis');
  }
  return normalizationBy(application, config, '');
}

/** The same by the `config` of a normalization within a layer; `prefix` stands before the names of the weights. */
export function normalizationBy(
  application: Application,
  config: tf.serialization.ConfigDict,
  prefix: string,
): Normalization {
  const [meanName, varianceName] = ['moving_mean', 'moving_variance'].map(
    (name) => `${prefix}${ofApplication(application, config)}${name}`,
  ) as [string, string];
  const mean = needed(application, meanName);
  const filled = (value: number) => ({
    dims: mean.dims,
    data: new Float32Array(mean.data.length).fill(value),
  });
  return {
    constants: [
      [`${prefix}gamma`, application.weight(`${prefix}gamma`) ?? filled(1)],
      [`${prefix}beta`, application.weight(`${prefix}beta`) ?? filled(0)],
      [meanName, mean],
      [varianceName, needed(application, varianceName)],
    ],
    epsilon: Number(config.epsilon),
  };
}

/** What stands before the names of the moving statistics, where every application has its own. */
function ofApplication({ index }: Application, { applications = 1 }: tf.serialization.ConfigDict): string {
  return Number(applications) > 1 && index > 0 ? `application_${index}_` : '';
}
