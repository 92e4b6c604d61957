import type * as tf from '@tensorflow/tfjs-core';

// The built-in class that computes the same from the same config, so only its name changes.
const builtIn: Record<string, string> = {
  XcpSeparableConv2D: 'SeparableConv2D',
  XcpBatchNormalization: 'BatchNormalization',
  XcpReLU: 'ReLU',
  XcpDropout: 'Dropout',
  XcpVarianceScaling: 'VarianceScaling',
};

/**
 * Wraps a save handler so that the saved model loads in plain TensorFlow.js, without this package.
 *
 * A model saved without it names the layers of this package (`Xcp…`), and `tfl.loadLayersModel` finds them
 * once `@xcp/layers` is imported; that keeps what they add to the built-in layers. With it the file names
 * the built-in layers, which predict the same.
 *
 * @example
 * const [handler] = tf.io.getSaveHandlers('downloads://xception');
 * await model.save(portable(handler));
 */
export function portable(handler: tf.io.IOHandler): tf.io.IOHandler {
  return {
    save: (artifacts) => {
      if (!handler.save) throw new Error('portable: `handler` must be one that can save');
      const modelTopology = renameClasses(artifacts.modelTopology) as typeof artifacts.modelTopology;
      return handler.save({ ...artifacts, modelTopology });
    },
  };
}

function renameClasses(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(renameClasses);
  if (typeof node !== 'object' || node === null) return node;
  const renamed = Object.entries(node).map(([key, value]) => [
    key,
    key === 'class_name' ? (builtIn[value] ?? value) : renameClasses(value),
  ]);
  return Object.fromEntries(renamed);
}
