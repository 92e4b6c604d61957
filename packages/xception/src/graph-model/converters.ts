import { type Converter, cannotExport, needed } from '../exporting/application';
import { poolOf } from '../exporting/window';
import { activated } from './activation';
import { conv2d, depthwiseConv2d, separableConv2d } from './convolutions';
import { type GraphNode, ints } from './graph';
import { batchNormalization } from './normalize';
import { symmetricPadding, windowAttributes } from './windows';

/** The least number of float32: no padding is ever the greatest in a window. */
const LEAST = -3.4028234663852886e38;

const identity: Converter<GraphNode> = ({ inputs, output }) => [
  { op: 'Identity', inputs: [inputs[0]!], output },
];

const add: Converter<GraphNode> = ({ inputs, output }) =>
  inputs.slice(1).map((input, i) => ({
    op: 'AddV2',
    inputs: [i === 0 ? inputs[0]! : `${output}/${i}`, input],
    output: i === inputs.length - 2 ? output : `${output}/${i + 1}`,
  }));

const relu: Converter<GraphNode> = (application) => {
  const { config, inputs, output } = application;
  if (config.maxValue != null && config.maxValue !== 6) {
    throw cannotExport(application, 'must have no `maxValue`, or 6');
  }
  return [{ op: config.maxValue === 6 ? 'Relu6' : 'Relu', inputs: [inputs[0]!], output }];
};

const maxPooling2d: Converter<GraphNode> = (application) => {
  const window = poolOf(application);
  const input = application.inputs[0]!;
  const padding = symmetricPadding(application, window, input, LEAST);
  const { dilations: _, ...attributes } = windowAttributes(window);
  const pool: GraphNode = {
    op: 'MaxPool',
    inputs: [padding.at(-1)?.output ?? input],
    output: application.output,
    attributes: { ksize: { ints: [1, ...window.kernelSize, 1] }, ...attributes },
  };
  return [...padding, pool];
};

const globalPool =
  (op: string): Converter<GraphNode> =>
  ({ inputs, output }) => [
    ints(`${output}/axes`, [2], [1, 2]),
    { op, inputs: [inputs[0]!, `${output}/axes`], output, attributes: { keep_dims: { bool: false } } },
  ];

const dense: Converter<GraphNode> = (application) => {
  const { config, inputs, output, shape } = application;
  if (shape.length !== 2) throw cannotExport(application, `must read vectors, received [${shape}]`);
  const kernel = application.constant('kernel', needed(application, 'kernel'));
  const product = config.useBias ? `${output}/product` : output;
  const attributes = { transpose_a: { bool: false }, transpose_b: { bool: false } };
  const nodes: GraphNode[] = [{ op: 'MatMul', inputs: [inputs[0]!, kernel], output: product, attributes }];
  if (config.useBias) {
    const bias = application.constant('bias', needed(application, 'bias'));
    nodes.push({ op: 'BiasAdd', inputs: [product, bias], output });
  }
  return activated(application, config.activation, nodes);
};

const flatten: Converter<GraphNode> = (application) => {
  const { inputs, output, shape } = application;
  const features = shape
    .slice(1)
    .reduce<number | null>((all, size) => (size === null || all === null ? null : all * size), 1);
  if (features === null)
    throw cannotExport(application, `must read a map of a fixed size, received [${shape}]`);
  return [
    ints(`${output}/shape`, [2], [-1, features]),
    { op: 'Reshape', inputs: [inputs[0]!, `${output}/shape`], output },
  ];
};

const activation: Converter<GraphNode> = (application) => {
  const { config, inputs, output } = application;
  return activated(application, config.activation, [{ op: 'Identity', inputs: [inputs[0]!], output }]);
};

/** By the name of the layer's class; `Xcp…` are those of `@xcp/layers`. */
export const converters: Readonly<Record<string, Converter<GraphNode>>> = {
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
  GlobalAveragePooling2D: globalPool('Mean'),
  GlobalMaxPooling2D: globalPool('Max'),
  MaxPooling2D: maxPooling2d,
  ReLU: relu,
  SeparableConv2D: separableConv2d,
};
