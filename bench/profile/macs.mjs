// Multiply-accumulates of one call of a TensorFlow.js kernel, from the shapes that it sees: how the profile knows the
// GFLOPS of products, whatever the native kernel behind them is called and takes.
const product = (shape) => shape.reduce((a, b) => a * b, 1);

const convolution = (result, filter) => product(result) * product(filter.slice(0, 3));
const depthwise = (result, filter) => product(result) * filter[0] * filter[1];
const matMul = ({ inputs, attrs, outputs }) =>
  product(outputs[0].shape) * inputs.a.shape.at(attrs.transposeA ? -2 : -1);

/** Depthwise over `z`, then pointwise into `y`. */
const separable = ({ depthwiseFilter, pointwiseFilter }, z, y) =>
  depthwise(z.shape, depthwiseFilter.shape) + convolution(y.shape, pointwiseFilter.shape);

const rules = {
  Conv2D: ({ inputs, outputs }) => convolution(outputs[0].shape, inputs.filter.shape),
  Conv2DBackpropInput: ({ inputs }) => convolution(inputs.dy.shape, inputs.filter.shape),
  Conv2DBackpropFilter: ({ inputs, attrs }) => convolution(inputs.dy.shape, attrs.filterShape),
  DepthwiseConv2dNative: ({ inputs, outputs }) => depthwise(outputs[0].shape, inputs.filter.shape),
  DepthwiseConv2dNativeBackpropInput: ({ inputs }) => depthwise(inputs.dy.shape, inputs.filter.shape),
  DepthwiseConv2dNativeBackpropFilter: ({ inputs, attrs }) => depthwise(inputs.dy.shape, attrs.filterShape),
  XcpSeparableConv2D: ({ inputs, outputs: [y, z] }) => separable(inputs, z, y),
  // Each of the two has a gradient of its input and one of its filter.
  XcpSeparableConv2DGrad: ({ inputs }) => 2 * separable(inputs, inputs.z, inputs.dy),
  BatchMatMul: matMul,
};
rules.FusedConv2D = rules.Conv2D;
rules.FusedDepthwiseConv2D = rules.DepthwiseConv2dNative;
rules._FusedMatMul = matMul;

/** 0 for a kernel that is not a product. */
export const macsOfCall = (kernelName, call) => rules[kernelName]?.(call) ?? 0;
