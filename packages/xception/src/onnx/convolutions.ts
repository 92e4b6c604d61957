import type * as tf from '@tensorflow/tfjs-core';
import { type Application, type Converter, needed } from '../exporting/application';
import { normalizationBy } from '../exporting/normalization';
import { windowOf } from '../exporting/window';
import { activated } from './activation';
import { batchNormNode } from './batch-norm';
import type { OnnxNode } from './graph';
import { convKernel, depthwiseKernel } from './layouts';
import { windowAttributes } from './window';

export const conv2d: Converter<OnnxNode> = (application) => {
  const kernel = application.constant('kernel', convKernel(needed(application, 'kernel')));
  const attributes = windowAttributes(windowOf(application), application.shape.slice(1, 3));
  const inputs = [application.inputs[0]!, kernel, ...bias(application)];
  return withActivation(application, [{ op: 'Conv', inputs, output: application.output, attributes }]);
};

export const depthwiseConv2d: Converter<OnnxNode> = (application) => {
  const node = depthwise(application, application.inputs[0]!, application.output);
  node.inputs.push(...bias(application));
  return withActivation(application, [node]);
};

export const separableConv2d: Converter<OnnxNode> = (application) => {
  const [input, output, middle] = [application.inputs[0]!, application.output, `${application.output}/first`];
  const isPointwiseFirst = application.config.order === 'pointwise-first';
  const first = isPointwiseFirst
    ? pointwise(application, input, middle)
    : depthwise(application, input, middle);
  const between = stageBetween(application, middle);
  const from = between.at(-1)?.output ?? middle;
  const second = isPointwiseFirst
    ? depthwise(application, from, output)
    : pointwise(application, from, output);
  second.inputs.push(...bias(application));
  return withActivation(application, [first, ...between, second]);
};

function depthwise(application: Application, input: string, output: string): OnnxNode {
  const kernel = depthwiseKernel(needed(application, 'depthwise_kernel'));
  // The 1×1 convolution in front of it keeps the size of the map.
  const attributes = windowAttributes(windowOf(application), application.shape.slice(1, 3));
  const multiplier = Number(application.config.depthMultiplier ?? 1);
  return {
    op: 'Conv',
    inputs: [input, application.constant('depthwise_kernel', kernel)],
    output,
    attributes: { ...attributes, group: { int: kernel.dims[0]! / multiplier } },
  };
}

function pointwise(application: Application, input: string, output: string): OnnxNode {
  const kernel = convKernel(needed(application, 'pointwise_kernel'));
  return {
    op: 'Conv',
    inputs: [input, application.constant('pointwise_kernel', kernel)],
    output,
    attributes: { kernel_shape: { ints: [1, 1] } },
  };
}

/** What stands between the two convolutions of a separable one. */
function stageBetween(application: Application, input: string): OnnxNode[] {
  const between = application.config.between as {
    batchNormalization: tf.serialization.ConfigDict | null;
    activation: string;
  } | null;
  if (!between) return [];
  const output = `${application.output}/between`;
  const normalization = between.batchNormalization;
  const node: OnnxNode = normalization
    ? batchNormNode(application, input, output, normalizationBy(application, normalization, 'between_'))
    : { op: 'Identity', inputs: [input], output };
  return activated(application, between.activation, [node]);
}

function withActivation(application: Application, nodes: OnnxNode[]): OnnxNode[] {
  return activated(application, application.config.activation, nodes);
}

function bias(application: Application): string[] {
  const weight = application.weight('bias');
  return weight ? [application.constant('bias', weight)] : [];
}
