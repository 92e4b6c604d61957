import type * as tf from '@tensorflow/tfjs-core';
import type { Attribute, Graph, GraphNode, Port } from './graph';

const FLOAT = 'DT_FLOAT';
const INT = 'DT_INT32';

/** Ops that tell the type of what they read in an attribute of another name, or in none. */
const UNTYPED: ReadonlySet<string> = new Set(['Const', 'Placeholder']);

/** A graph as TensorFlow.js stores it: a GraphDef in JSON, and the weights behind each other. */
export function encodeGraphModel({ inputs, outputs, nodes, constants }: Graph): tf.io.ModelArtifacts {
  const read = new Set(nodes.flatMap((node) => node.inputs));
  const weights = [...constants]
    .filter(([name]) => read.has(name))
    .map(([name, { dims, data }]) => ({ name, dims, data: data as Float32Array | Int32Array }));
  const wholes = nodes.flatMap(({ output, value }) => (value ? [{ name: output, ...value }] : []));
  const node = [
    ...inputs.map(placeholder),
    ...weights.map(({ name, dims }) => constant(name, FLOAT, dims)),
    ...nodes.map((each) => (each.value ? constant(each.output, INT, each.value.dims) : operation(each))),
  ];
  const stored = [...weights, ...wholes];
  return {
    format: 'graph-model',
    generatedBy: 'xcp',
    convertedBy: null,
    modelTopology: { node, library: {}, versions: { producer: 1087 } },
    signature: { inputs: signature(inputs), outputs: signature(outputs) },
    weightSpecs: stored.map(({ name, dims, data }) => ({
      name,
      shape: [...dims],
      dtype: data instanceof Int32Array ? 'int32' : 'float32',
    })),
    weightData: joined(stored.map(({ data }) => data)),
  };
}

const shapeOf = (dims: readonly (number | null)[]) => ({
  dim: dims.map((size) => ({ size: String(size ?? -1) })),
});

const placeholder = ({ name, dims }: Port) => ({
  name,
  op: 'Placeholder',
  attr: { dtype: { type: FLOAT }, shape: { shape: shapeOf(dims) } },
});

const constant = (name: string, type: string, dims: readonly number[]) => ({
  name,
  op: 'Const',
  attr: { dtype: { type }, value: { tensor: { dtype: type, tensorShape: shapeOf(dims) } } },
});

function operation({ op, inputs, output, attributes = {} }: GraphNode) {
  const attr = Object.entries(attributes).map(([name, value]) => [name, attribute(value)]);
  const typed = UNTYPED.has(op) ? {} : { T: { type: FLOAT } };
  return { name: output, op, input: inputs, attr: { ...typed, ...Object.fromEntries(attr) } };
}

function attribute(value: Attribute): object {
  if ('ints' in value) return { list: { i: value.ints.map(String) } };
  if ('string' in value) return { s: btoa(value.string) };
  if ('float' in value) return { f: value.float };
  if ('bool' in value) return { b: value.bool };
  return { type: value.type === 'float32' ? FLOAT : INT };
}

const signature = (ports: readonly Port[]) =>
  Object.fromEntries(
    ports.map(({ name, dims }) => [name, { name: `${name}:0`, dtype: FLOAT, tensorShape: shapeOf(dims) }]),
  );

function joined(arrays: readonly (Float32Array | Int32Array)[]): ArrayBuffer {
  const bytes = new Uint8Array(arrays.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes.buffer;
}
