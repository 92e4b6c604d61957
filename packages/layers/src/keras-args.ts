import type { serialization } from '@tensorflow/tfjs-core';
import { received } from './checks';

// What Keras and TensorFlow.js call the same thing.
const classNames: Record<string, string> = { LecunNormal: 'LeCunNormal', LecunUniform: 'LeCunUniform' };
// The one name of TensorFlow.js that is not in its own spelling.
const strings: Record<string, string> = { geluNew: 'gelu_new' };

/**
 * The arguments in a layer's config, in TensorFlow.js's spelling, whichever of the two it was written in.
 *
 * `depthwise_initializer` becomes `depthwiseInitializer`, and `'channels_last'` `'channelsLast'`; keys that Keras
 * writes but that say nothing of the layer are left out. What is in TensorFlow.js's spelling stays as it is.
 */
export function layerArgs<T>(config: serialization.ConfigDict): T {
  const args = respell(config) as Record<string, unknown>;
  // TensorFlow.js hands these over with the config while it loads a model.
  delete args.customObjects;
  if (args.groups === 1) delete args.groups;
  if (args.groups !== undefined) {
    throw new Error(
      `${received(args.name)}: \`groups\` must be 1, received ${received(args.groups)}; ` +
        'where it is the number of channels, use depthwiseConv2d',
    );
  }
  // Keras 2 writes the options of the one kernel that its base class would have.
  if ('depthwiseInitializer' in args) {
    for (const part of ['Initializer', 'Regularizer', 'Constraint']) delete args[`kernel${part}`];
  }
  args.dtype = dtypeOf(args);
  if (args.dtype === undefined) delete args.dtype;
  return args as T;
}

function respell(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => respell(item, key));
  if (typeof value === 'string') {
    const camel = key === 'name' || key === 'className' ? value : camelCased(value);
    return strings[camel] ?? camel;
  }
  if (typeof value !== 'object' || value === null) return value;
  // An instance, where a config was made by `getConfig` of another layer, is not to be taken apart.
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => {
    const camel = camelCased(key);
    return [camel, respell(item, camel)];
  });
  return renamedClass(Object.fromEntries(entries));
}

function renamedClass(value: Record<string, unknown>): Record<string, unknown> {
  const { className, config } = value as { className?: string; config?: Record<string, unknown> };
  if (className === undefined) return value;
  // TensorFlow.js has one class for both penalties, and takes one that is left out for 0.01.
  if (className === 'L1' || className === 'L2') {
    return { className: 'L1L2', config: { l1: 0, l2: 0, ...config } };
  }
  return { ...value, className: classNames[className] ?? className };
}

/** Keras writes a policy, of which only single precision exists here. */
function dtypeOf({ name, dtype }: Record<string, unknown>): unknown {
  const policy = dtype as { config?: { name: string } } | string | null | undefined;
  const value = typeof policy === 'object' ? policy?.config?.name : policy;
  if (value !== undefined && value !== 'float32' && value !== 'int32') {
    throw new Error(
      `${received(name)}: \`dtype\` must be 'float32', received ${received(value)}; cast the weights before`,
    );
  }
  return value;
}

const camelCased = (text: string) =>
  text.replace(/(?<=\w)_(\w)/g, (_, letter: string) => letter.toUpperCase());
