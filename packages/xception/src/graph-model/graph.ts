import type { Constant } from '../exporting/application';

/** An attribute of a TensorFlow op, by its type there. */
export type Attribute =
  | { ints: readonly number[] }
  | { string: string }
  | { float: number }
  | { bool: boolean }
  | { type: 'float32' | 'int32' };

/** A TensorFlow op with one output, by whose name other nodes read it. */
export interface GraphNode {
  op: string;
  inputs: string[];
  output: string;
  attributes?: Record<string, Attribute>;
  /** Of a `Const`: whole numbers such as axes, shapes and paddings. */
  value?: { dims: readonly number[]; data: Int32Array };
}

/** What goes in or comes out; `null` is any size. */
export interface Port {
  name: string;
  dims: readonly (number | null)[];
}

export interface Graph {
  inputs: Port[];
  outputs: Port[];
  nodes: GraphNode[];
  /** Weights, by the names under which nodes read them. */
  constants: Map<string, Constant>;
}

/** Whole numbers as a node. */
export const ints = (output: string, dims: readonly number[], values: readonly number[]): GraphNode => ({
  op: 'Const',
  inputs: [],
  output,
  value: { dims, data: Int32Array.from(values) },
});
