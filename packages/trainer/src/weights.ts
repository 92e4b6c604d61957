import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type { NamedArrays } from '@xcp/safetensors';
import { received } from './config/checks';

/**
 * All weights of a model by name, batch-norm statistics included, such as `block1_conv1/kernel`.
 *
 * @throws if two weights have the same name.
 */
export function modelVariables(model: tfl.LayersModel): Record<string, tf.Variable> {
  const variables: Record<string, tf.Variable> = {};
  for (const weight of new Set(model.weights)) {
    if (weight.originalName in variables) {
      throw new Error(
        `model: names of weights must be unique, received '${weight.originalName}' twice; rename a layer`,
      );
    }
    variables[weight.originalName] = weight.read() as tf.Variable;
  }
  return variables;
}

/** The values of variables, copied, so that an engine that writes in place does not change them later. */
export async function readVariables(variables: Record<string, tf.Variable>): Promise<NamedArrays> {
  const arrays: NamedArrays = {};
  for (const [name, variable] of Object.entries(variables)) {
    const { dtype, shape } = variable;
    if (dtype !== 'float32' && dtype !== 'int32') {
      throw new Error(`checkpoint: '${name}' must be float32 or int32, received ${dtype}`);
    }
    const data = (await variable.data()) as Float32Array | Int32Array;
    arrays[name] = { dtype, shape: [...shape], data: data.slice() };
  }
  return arrays;
}

/** Throws unless the arrays have the names, shapes and types of the variables. */
export function checkArrays(
  subject: string,
  variables: Record<string, tf.Variable>,
  arrays: NamedArrays,
): void {
  const missing = Object.keys(variables).filter((name) => !Object.hasOwn(arrays, name));
  const unknown = Object.keys(arrays).filter((name) => !Object.hasOwn(variables, name));
  if (missing.length > 0 || unknown.length > 0) {
    throw new Error(
      `${subject}: names must be those of the model; ${list('missing', missing)}, ${list('unknown', unknown)}; ` +
        'build the model with the configuration it was saved with',
    );
  }
  for (const [name, { shape, dtype }] of Object.entries(variables)) {
    const array = arrays[name]!;
    if (received(array.shape) !== received(shape) || array.dtype !== dtype) {
      throw new Error(
        `${subject}: '${name}' must be ${dtype} of shape ${received(shape)}, ` +
          `received ${array.dtype} of shape ${received(array.shape)}`,
      );
    }
  }
}

/** Gives variables the values under their names, which {@link checkArrays} has passed. */
export function writeVariables(variables: Record<string, tf.Variable>, arrays: NamedArrays): void {
  for (const [name, variable] of Object.entries(variables)) {
    const { data, shape, dtype } = arrays[name]!;
    // A copy, because an engine may keep the array and write to it.
    tf.tidy(() => variable.assign(tf.tensor(data.slice(), shape, dtype)));
  }
}

function list(what: string, names: readonly string[]): string {
  if (names.length === 0) return `none ${what}`;
  return `${names.length} ${what} (${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''})`;
}

/**
 * All weights of a model as plain data, batch-norm statistics included.
 *
 * @example const weights = await modelWeights(model);
 * @throws if two weights have the same name.
 */
export function modelWeights(model: tfl.LayersModel): Promise<NamedArrays> {
  return readVariables(modelVariables(model));
}

/**
 * Gives a model the weights that were saved from one like it.
 *
 * @example loadWeights(model, checkpoint.weights);
 * @throws, with the model as it was, if a name is missing or unknown, or a shape or type differs.
 */
export function loadWeights(model: tfl.LayersModel, weights: NamedArrays): void {
  const variables = modelVariables(model);
  checkArrays('loadWeights', variables, weights);
  writeVariables(variables, weights);
}
