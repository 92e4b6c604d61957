import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { gradCam } from '@xcp/xception';
import { heatOverlay } from './heat-overlay';
import type { RgbImage } from './png';

/** A picture with what in `input`, the same as the network takes it, speaks for a class glowing over it. */
export async function gradCamOverlay(
  model: tfl.LayersModel,
  input: tf.Tensor3D,
  classIndex: number,
  picture: RgbImage,
): Promise<RgbImage> {
  const heat = tf.tidy(() => {
    const map = tf.expandDims(gradCam(model, input, classIndex), 2) as tf.Tensor3D;
    return tf.image.resizeBilinear(map, [picture.height, picture.width], false, true);
  });
  return heatOverlay(picture, await heat.data().finally(() => heat.dispose()));
}
