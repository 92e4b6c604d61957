import type { XceptionConfig } from '@xcp/xception';
import type { RunConfig } from '../config/run-config';

/** The network that a run's configuration asks for, on RGB images. */
export function modelConfig({ model, data, seed }: RunConfig, classes: number): XceptionConfig {
  return { ...model, inputShape: [data.size, data.size, 3], classes, seed };
}
