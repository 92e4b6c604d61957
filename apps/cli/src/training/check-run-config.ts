import { CIFAR10_CLASSES } from '@xcp/cifar10';
import { checkMetric, resolveConfig as resolveTrainConfig } from '@xcp/trainer';
import { minInputSize, resolveConfig as resolveModelConfig } from '@xcp/xception';
import type { RunConfig } from '../config/run-config';
import { UserError } from '../errors';
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
  checkProgressive(config);
  const resolved = resolveTrainConfig(trainConfig(config));
  const { earlyStopping, data } = config;
  if (earlyStopping) checkMetric('earlyStopping', earlyStopping.metric, resolved, data.validationShare > 0);
}

function checkProgressive(config: RunConfig): void {
  const { progressive } = config.data;
  const smallest = minInputSize(modelConfig(config, CIFAR10_CLASSES.length));
  progressive.forEach(({ until, size }, i) => {
    const before = progressive[i - 1]?.until ?? 0;
    if (until <= before) {
      throw new UserError(
        `data.progressive.${i}.until: must be above ${before}, where the stretch before it ends, received ${until}`,
      );
    }
    if (size < smallest) {
      throw new UserError(
        `data.progressive.${i}.size: must be at least ${smallest}, or a map of the network would be empty, received ${size}`,
      );
    }
  });
}
