import { resolvePadding } from './padding.mjs';

const ops = {
  InputLayer: () => ({ op: 'input' }),
  Conv2D: ({ kernelSize, strides, padding }) => ({ op: 'conv', kernelSize, strides, padding }),
  SeparableConv2D: ({ kernelSize, strides, padding }) => ({
    op: 'separableConv',
    kernelSize,
    strides,
    padding,
  }),
  BatchNormalization: ({ epsilon, momentum }) => ({ op: 'batchNorm', epsilon, momentum }),
  ReLU: () => ({ op: 'relu' }),
  MaxPooling2D: ({ poolSize, strides, padding }) => ({
    op: 'maxPool',
    kernelSize: poolSize,
    strides,
    padding,
  }),
  Add: () => ({ op: 'add' }),
  GlobalAveragePooling2D: () => ({ op: 'globalAveragePool' }),
  Dense: () => ({ op: 'dense' }),
};

/**
 * A model as plain data, in the order of its computation: for each step the operation, whose results it reads, the
 * shape it gives, its weights by name, and whose results nobody reads after it. The other contenders build from it,
 * so that all compute the same function.
 */
export function planOf(model) {
  const steps = [];
  const names = new Map();
  const visit = (tensor) => {
    if (names.has(tensor.id)) return names.get(tensor.id);
    const { sourceLayer: layer, nodeIndex } = tensor;
    const inputTensors = layer.inboundNodes[nodeIndex].inputTensors.filter(({ id }) => id !== tensor.id);
    const inputs = inputTensors.map(visit);
    // A layer that is applied several times has a step for each.
    const name = nodeIndex > 0 ? `${layer.name}_${nodeIndex}` : layer.name;
    names.set(tensor.id, name);
    const weights = layer.weights.map(({ originalName, shape }) => ({ name: originalName, shape }));
    const step = { name, inputs, shape: tensor.shape.slice(1), weights, ...operation(layer) };
    if (step.padding) step.pads = resolvePadding(step, inputTensors[0].shape.slice(1));
    steps.push(step);
    return name;
  };
  model.outputs.forEach(visit);
  return withLastUses(steps);
}

function operation(layer) {
  const className = layer.getClassName().replace(/^Xcp/, '');
  const describe = ops[className];
  if (describe) return describe(layer.getConfig());
  throw new Error(
    `bench: every layer must be one of ${Object.keys(ops).join(', ')}, received ${className} \`${layer.name}\`; ` +
      'teach network/plan.mjs and the contenders this layer',
  );
}

function withLastUses(steps) {
  const lastUse = new Map();
  for (const { name, inputs } of steps) for (const input of inputs) lastUse.set(input, name);
  return steps.map((step) => ({
    ...step,
    frees: step.inputs.filter((input) => lastUse.get(input) === step.name),
  }));
}
