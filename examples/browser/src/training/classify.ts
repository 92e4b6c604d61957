import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {
  decodePredictions,
  fitImage,
  gradCam,
  type Prediction,
  preprocessInput,
  type RgbImage,
} from '@xcp/xception';
import { DATA_FACTS, type DataKind } from '../data/data-set';

/** The five most probable classes, and where in the picture speaks for the first of them. */
export interface Classified {
  predictions: Prediction[];
  /** [size, size], 0…1, over the square in the middle of the picture. */
  heat: Float32Array;
  size: number;
}

/** What a network takes a picture for. */
export async function classify(
  model: tfl.LayersModel,
  data: DataKind,
  picture: RgbImage,
): Promise<Classified> {
  const { size, mean, std, classNames } = DATA_FACTS[data];
  const { data: pixels } = fitImage(picture, size);
  const input = preprocessInput({ data: pixels, shape: [size, size, 3] }, { mean, std }) as tf.Tensor3D;
  const logits = tf.tidy(() => model.predict(tf.expandDims(input)) as tf.Tensor);
  try {
    const [predictions] = await decodePredictions(logits, { classes: classNames, top: 5 });
    const map = gradCam(model, input, predictions![0]!.index);
    const heat = await map.data<'float32'>().finally(() => map.dispose());
    return { predictions: predictions!, heat: Float32Array.from(heat), size };
  } finally {
    tf.dispose([input, logits]);
  }
}
