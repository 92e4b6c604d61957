import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

/** Numbers that stand in the file. */
export interface Constant {
  dims: readonly number[];
  data: Float32Array;
}

/** One application of a layer, to be written as nodes of another format. */
export interface Application {
  layer: tfl.layers.Layer;
  config: tf.serialization.ConfigDict;
  /** Names of the values that go in. */
  inputs: string[];
  /** Of the first input, as TensorFlow.js has it: the channels last. */
  shape: tfl.Shape;
  output: string;
  /** Which application of its layer it is, from 0. */
  index: number;
  /** The function that exports, at the beginning of an error. */
  exporter: string;
  /** The layer's weight of that name (`'kernel'`), if it has one. */
  weight(name: string): Constant | undefined;
  /** Puts a constant into the file, under its layer's name; the name that nodes read it by. */
  constant(name: string, value: Constant): string;
}

/** Writes one application of a layer of some class. */
export type Converter<Node> = (application: Application) => Node[];

/** The error of a layer, or of an option of it, that cannot be exported. */
export function cannotExport(
  { exporter, layer }: Pick<Application, 'exporter' | 'layer'>,
  what: string,
): Error {
  return new Error(`${exporter}: layer \`${layer.name}\` (${layer.getClassName()}) ${what}`);
}

/** The layer's weight of that name, which it must have. */
export function needed(application: Application, name: string): Constant {
  const weight = application.weight(name);
  if (!weight) throw cannotExport(application, `has no weight \`${name}\``);
  return weight;
}
