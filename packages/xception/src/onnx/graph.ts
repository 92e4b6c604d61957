import type { Constant } from '../exporting/application';

/** An attribute of an ONNX node, by its type there. */
export type Attribute =
  | { int: number }
  | { ints: readonly number[] }
  | { float: number }
  | { string: string };

/** An ONNX node with one output; inputs and output are names of values. */
export interface OnnxNode {
  op: string;
  inputs: string[];
  output: string;
  attributes?: Record<string, Attribute>;
}

/** A value that goes in or comes out; a size that is a string is any size, of that name. */
export interface GraphValue {
  name: string;
  dims: readonly (number | string)[];
}

export interface OnnxGraph {
  name: string;
  inputs: GraphValue[];
  outputs: GraphValue[];
  nodes: OnnxNode[];
  /** By the names under which nodes read them. */
  constants: Map<string, Constant>;
}
