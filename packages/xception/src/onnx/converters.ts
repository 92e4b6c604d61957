import { type Converter, cannotExport, needed } from '../exporting/application';
import { poolOf } from '../exporting/window';
import { activated } from './activation';
import { batchNormalization } from './batch-norm';
import { conv2d, depthwiseConv2d, separableConv2d } from './convolutions';
import type { OnnxNode } from './graph';
import { windowAttributes } from './window';

const identity: Converter<OnnxNode> = ({ inputs, output }) => [
  { op: 'Identity', inputs: [inputs[0]!], output },
];

const add: Converter<OnnxNode> = ({ inputs, output }) =>
  inputs.slice(1).map((input, i) => ({
    op: 'Add',
    inputs: [i === 0 ? inputs[0]! : `${output}/${i}`, input],
    output: i === inputs.length - 2 ? output : `${output}/${i + 1}`,
  }));

const relu: Converter<OnnxNode> = (application) => {
  const { config, inputs, output } = application;
  if (config.maxValue != null) throw cannotExport(application, 'must have no `maxValue`');
  return [{ op: 'Relu', inputs: [inputs[0]!], output }];
};

const maxPooling2d: Converter<OnnxNode> = (application) => {
  const { inputs, output, shape } = application;
  const attributes = windowAttributes(poolOf(application), shape.slice(1, 3));
  return [{ op: 'MaxPool', inputs: [inputs[0]!], output, attributes }];
};

const globalPool =
  (op: string): Converter<OnnxNode> =>
  ({ inputs, output }) => [
    { op, inputs: [inputs[0]!], output: `${output}/map` },
    { op: 'Flatten', inputs: [`${output}/map`], output, attributes: { axis: { int: 1 } } },
  ];

const dense: Converter<OnnxNode> = (application) => {
  const { config, inputs, output, shape } = application;
  if (shape.length !== 2) throw cannotExport(application, `must read vectors, received [${shape}]`);
  const weights = ['kernel', 'bias'].flatMap((name) => {
    if (name === 'bias' && !config.useBias) return [];
    return [application.constant(name, needed(application, name))];
  });
  return activated(application, config.activation, [
    { op: 'Gemm', inputs: [inputs[0]!, ...weights], output },
  ]);
};

const flatten: Converter<OnnxNode> = ({ inputs, output, shape }) => {
  const node = { op: 'Flatten', output, attributes: { axis: { int: 1 } } };
  if (shape.length !== 4) return [{ ...node, inputs: [inputs[0]!] }];
  // The channels are the last axis of what TensorFlow.js flattens.
  const last = `${output}/channelsLast`;
  return [channelsLast(inputs[0]!, last), { ...node, inputs: [last] }];
};

/** [batch, channels, height, width] → [batch, height, width, channels] */
export const channelsLast = (input: string, output: string): OnnxNode =>
  transpose(input, output, [0, 2, 3, 1]);

/** [batch, height, width, channels] → [batch, channels, height, width] */
export const channelsFirst = (input: string, output: string): OnnxNode =>
  transpose(input, output, [0, 3, 1, 2]);

function transpose(input: string, output: string, perm: number[]): OnnxNode {
  return { op: 'Transpose', inputs: [input], output, attributes: { perm: { ints: perm } } };
}

const activation: Converter<OnnxNode> = (application) => {
  const { config, inputs, output } = application;
  return activated(application, config.activation, [{ op: 'Identity', inputs: [inputs[0]!], output }]);
};

/** By the name of the layer's class; `Xcp…` are those of `@xcp/layers`. */
export const converters: Readonly<Record<string, Converter<OnnxNode>>> = {
  Activation: activation,
  Add: add,
  BatchNormalization: batchNormalization,
  Conv2D: conv2d,
  Dense: dense,
  DepthwiseConv2D: depthwiseConv2d,
  // What training alone does.
  DropPath: identity,
  Dropout: identity,
  Flatten: flatten,
  GlobalAveragePooling2D: globalPool('GlobalAveragePool'),
  GlobalMaxPooling2D: globalPool('GlobalMaxPool'),
  MaxPooling2D: maxPooling2d,
  ReLU: relu,
  SeparableConv2D: separableConv2d,
};
