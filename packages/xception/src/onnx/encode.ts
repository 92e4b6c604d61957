import type { Constant } from '../exporting/application';
import type { Attribute, GraphValue, OnnxGraph, OnnxNode } from './graph';

// Old enough for every runtime in use (ONNX 1.12 of 2022), and new enough for all that is written here.
const IR_VERSION = 8n;
const OPSET = 17n;

// Numbers of onnx.proto: TensorProto.DataType and AttributeProto.AttributeType.
const FLOAT32 = 1;
const types = { float: 1, int: 2, string: 3, ints: 7 };

/** The bytes of an `.onnx` file. Constants that no node reads are left out. */
export async function encodeOnnx(graph: OnnxGraph): Promise<Uint8Array<ArrayBuffer>> {
  const [{ create, toBinary }, { ModelProtoSchema }] = await Promise.all([
    import('@bufbuild/protobuf'),
    import('onnx-buf'),
  ]);
  const read = new Set(graph.nodes.flatMap(({ inputs }) => inputs));
  const constants = [...graph.constants].filter(([name]) => read.has(name));
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: 'xcp',
    opsetImport: [{ domain: '', version: OPSET }],
    graph: {
      name: graph.name,
      node: graph.nodes.map(nodeProto),
      initializer: constants.map(([name, constant]) => tensorProto(name, constant)),
      input: graph.inputs.map(valueProto),
      output: graph.outputs.map(valueProto),
    },
  });
  return toBinary(ModelProtoSchema, model);
}

function nodeProto({ op, inputs, output, attributes = {} }: OnnxNode) {
  return {
    opType: op,
    name: output,
    input: inputs,
    output: [output],
    attribute: Object.entries(attributes).map(([name, attribute]) => attributeProto(name, attribute)),
  };
}

function attributeProto(name: string, attribute: Attribute) {
  if ('int' in attribute) return { name, type: types.int, i: BigInt(attribute.int) };
  if ('ints' in attribute) return { name, type: types.ints, ints: attribute.ints.map(BigInt) };
  if ('float' in attribute) return { name, type: types.float, f: attribute.float };
  return { name, type: types.string, s: new TextEncoder().encode(attribute.string) };
}

function tensorProto(name: string, { dims, data }: Constant) {
  return { name, dims: dims.map(BigInt), dataType: FLOAT32, rawData: littleEndian(data) };
}

function littleEndian(data: Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(data.length * 4);
  const view = new DataView(bytes.buffer);
  data.forEach((value, i) => {
    view.setFloat32(i * 4, value, true);
  });
  return bytes;
}

function valueProto({ name, dims }: GraphValue) {
  const dim = dims.map((size) => ({
    value:
      typeof size === 'number'
        ? { case: 'dimValue' as const, value: BigInt(size) }
        : { case: 'dimParam' as const, value: size },
  }));
  const tensor = { elemType: FLOAT32, shape: { dim } };
  return { name, type: { value: { case: 'tensorType' as const, value: tensor } } };
}
