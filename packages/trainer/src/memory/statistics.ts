import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { traced } from '../traced';

/** The weights that a forward pass changes: moving statistics. */
export interface Statistics {
  /** A copy of all of them, `[values]`, or null where there are none. */
  save(): tf.Tensor1D | null;
  /** Puts them back as they were when they were saved. */
  restore(saved: tf.Tensor1D | null): void;
  dispose(): void;
}

/** A layer as it is: what it changes itself is apart from what is only frozen. */
interface OwnStatistics {
  _nonTrainableWeights?: tfl.LayerVariable[];
}

/** One copy of all statistics costs less than a hundredth of a step, since an engine that traces makes it in one call. */
export function movingStatistics(model: tfl.LayersModel): Statistics {
  const variables = [...new Set(statisticsOf(model))].map((weight) => weight.read() as tf.Variable);
  const copy = traced(() => {
    // A tensor of values of its own, so that joining copies even where there is one variable.
    const flat = [
      ...variables.map((variable) => tf.cast(tf.reshape(variable, [-1]), 'float32')),
      tf.zeros([1]),
    ];
    return [tf.concat(flat)];
  });
  return {
    save: () => (variables.length > 0 ? (tf.tidy(() => copy.call([]))[0] as tf.Tensor1D) : null),
    restore(saved) {
      if (!saved) return;
      let begin = 0;
      for (const variable of variables) {
        tf.tidy(() => {
          const values = tf.slice(saved, [begin], [variable.size]);
          variable.assign(tf.cast(tf.reshape(values, variable.shape), variable.dtype));
        });
        begin += variable.size;
      }
    },
    dispose: () => copy.dispose(),
  };
}

function statisticsOf(model: tfl.LayersModel): tfl.LayerVariable[] {
  return model.layers.flatMap((layer) =>
    'layers' in layer
      ? statisticsOf(layer as unknown as tfl.LayersModel)
      : ((layer as unknown as OwnStatistics)._nonTrainableWeights ?? []),
  );
}
