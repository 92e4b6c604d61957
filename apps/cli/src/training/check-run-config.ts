import { CIFAR10_CLASSES } from '@xcp/cifar10';
import { checkMetric, resolveConfig as resolveTrainConfig } from '@xcp/trainer';
import { resolveConfig as resolveModelConfig } from '@xcp/xception';
import type { RunConfig } from '../config/run-config';
import { modelConfig } from './model-config';
import { trainConfig } from './train-config';

/**
 * Checks what only the packages themselves know, such as the smallest image that a network takes: before an engine
 * is started or data is fetched.
 *
 * @throws the package's error.
 */
export function checkRunConfig(config: RunConfig): void {
  resolveModelConfig(modelConfig(config, CIFAR10_CLASSES.length));
  const resolved = resolveTrainConfig(trainConfig(config));
  const { earlyStopping, data } = config;
  if (earlyStopping) checkMetric('earlyStopping', earlyStopping.metric, resolved, data.validationShare > 0);
}
