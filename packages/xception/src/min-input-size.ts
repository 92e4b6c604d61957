import type { XceptionConfig } from './config';
import { smallestSide } from './input-size';
import { fillIn } from './resolve-config';

/**
 * The smallest height and width, in pixels, of the images that a network of this configuration accepts.
 *
 * 7 for the default network. Keras documents 71, which is not where the arithmetic ends but what leaves a
 * final map of 3 × 3.
 *
 * @example minInputSize({}); // 7
 * @example minInputSize({ stem: 'cifar' }); // 1
 * @throws if a key is unknown or a value is out of its range.
 */
export function minInputSize(config: XceptionConfig): number {
  return smallestSide(fillIn(config));
}
