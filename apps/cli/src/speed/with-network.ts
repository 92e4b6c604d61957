import type * as tfl from '@tensorflow/tfjs-layers';
import { xception } from '@xcp/xception';
import type { RunConfig } from '../config/run-config';
import { modelConfig } from '../training/model-config';

/** Builds the network of a configuration for inputs of one size, hands it to `work`, and disposes of it. */
export async function withNetwork<T>(
  config: RunConfig,
  { size, classes }: { size: number; classes: number },
  work: (model: tfl.LayersModel) => Promise<T>,
): Promise<T> {
  const model = xception({ ...modelConfig(config, classes), inputShape: [size, size, 3] });
  try {
    return await work(model);
  } finally {
    model.dispose();
  }
}
