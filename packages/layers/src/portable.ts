import type * as tf from '@tensorflow/tfjs-core';
import { received } from './checks';

type Config = Record<string, unknown>;
/** An option that the built-in layer does not have, if there is one. */
type Lacks = (config: Config) => string | undefined;

const given = (config: Config, key: string) =>
  config[key] === null || config[key] === undefined ? undefined : `\`${key}\` ${received(config[key])}`;
const symmetric: Lacks = ({ padding }) => (padding === 'symmetric' ? "`padding` 'symmetric'" : undefined);
const ordinary: Lacks = () => undefined;
const conv: Lacks = (config) => symmetric(config) ?? given(config, 'activity_regularizer');
const depthwise: Lacks = (config) => {
  // The built-in layer takes the option and leaves the kernel as it is.
  const isDilated = (config.dilation_rate as number[]).some((rate) => rate > 1);
  return conv(config) ?? (isDilated ? given(config, 'dilation_rate') : undefined);
};
const separable: Lacks = (config) =>
  conv(config) ??
  given(config, 'between') ??
  (config.order === 'pointwise-first' ? given(config, 'order') : undefined);

const normalization: Lacks = (config) =>
  (config.activation === 'relu' ? given(config, 'activation') : undefined) ??
  ((config.applications as number) > 1 ? given(config, 'applications') : undefined);

// The built-in class that computes the same from the same config, so that only its name changes.
const builtIn: Record<string, [className: string, lacks: Lacks]> = {
  XcpSeparableConv2D: ['SeparableConv2D', separable],
  XcpDepthwiseConv2D: ['DepthwiseConv2D', depthwise],
  XcpConv2D: ['Conv2D', conv],
  XcpMaxPooling2D: ['MaxPooling2D', symmetric],
  XcpBatchNormalization: ['BatchNormalization', normalization],
  XcpReLU: ['ReLU', ordinary],
  XcpDropout: ['Dropout', ordinary],
  // The two predict the same, nothing; there is no nearer one.
  XcpDropPath: ['Dropout', ordinary],
  XcpCheckpoint: ['Model', ordinary],
  XcpVarianceScaling: ['VarianceScaling', ordinary],
  // What a kernel began with is no part of a saved model: its weights replace it.
  XcpIdentityKernel: ['Zeros', ordinary],
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
 * @throws when it saves, if the model has a layer or an option of this package that plain TensorFlow.js lacks.
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
  const { class_name, config } = node as { class_name?: string; config?: Config };
  const renamed = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, renameClasses(value)]));
  return class_name === undefined
    ? renamed
    : { ...renamed, class_name: builtInName(class_name, config ?? {}) };
}

function builtInName(className: string, config: Config): string {
  const [name, lacks] = builtIn[className] ?? [className, ordinary];
  const missing = name.startsWith('Xcp') ? `layer \`${name.slice('Xcp'.length)}\`` : lacks(config);
  if (missing === undefined) return name;
  throw new Error(
    `portable: plain TensorFlow.js has no ${missing}, which the layer ${received(config.name)} uses; ` +
      "save the model without `portable`, and import '@xcp/layers' where it is loaded",
  );
}
