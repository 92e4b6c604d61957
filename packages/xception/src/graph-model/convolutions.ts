import type * as tf from '@tensorflow/tfjs-core';
import { type Application, type Converter, needed } from '../exporting/application';
import { normalizationBy } from '../exporting/normalization';
import { windowOf } from '../exporting/window';
import { activated } from './activation';
import type { GraphNode } from './graph';
import { normalize } from './normalize';
import { symmetricPadding, windowAttributes } from './windows';

export const conv2d: Converter<GraphNode> = (application) => {
  const kernel = application.constant('kernel', needed(application, 'kernel'));
  const nodes = convolution(application, 'Conv2D', application.inputs[0]!, kernel, linearOutput(application));
  return finished(application, nodes);
};

export const depthwiseConv2d: Converter<GraphNode> = (application) =>
  finished(application, depthwise(application, application.inputs[0]!, linearOutput(application)));

export const separableConv2d: Converter<GraphNode> = (application) => {
  const [input, output, middle] = [
    application.inputs[0]!,
    linearOutput(application),
    `${application.output}/first`,
  ];
  const [first, second] =
    application.config.order === 'pointwise-first' ? [pointwise, depthwise] : [depthwise, pointwise];
  const nodes = first(application, input, middle);
  const between = stageBetween(application, middle);
  const from = between.at(-1)?.output ?? middle;
  return finished(application, [...nodes, ...between, ...second(application, from, output)]);
};

function depthwise(application: Application, input: string, output: string): GraphNode[] {
  const kernel = application.constant('depthwise_kernel', needed(application, 'depthwise_kernel'));
  return convolution(application, 'DepthwiseConv2dNative', input, kernel, output);
}

function pointwise(application: Application, input: string, output: string): GraphNode[] {
  const kernel = application.constant('pointwise_kernel', needed(application, 'pointwise_kernel'));
  const one = { kernelSize: [1, 1], strides: [1, 1], dilations: [1, 1], padding: 'valid' } as const;
  return [{ op: 'Conv2D', inputs: [input, kernel], output, attributes: windowAttributes(one) }];
}

function convolution(
  application: Application,
  op: string,
  input: string,
  kernel: string,
  output: string,
): GraphNode[] {
  const window = windowOf(application);
  const padding = symmetricPadding(application, window, input, 0);
  const from = padding.at(-1)?.output ?? input;
  return [...padding, { op, inputs: [from, kernel], output, attributes: windowAttributes(window) }];
}

/** What stands between the two convolutions of a separable one. */
function stageBetween(application: Application, input: string): GraphNode[] {
  const between = application.config.between as {
    batchNormalization: tf.serialization.ConfigDict | null;
    activation: string;
  } | null;
  if (!between) return [];
  const output = `${application.output}/between`;
  const normalization = between.batchNormalization;
  const nodes = normalization
    ? normalize(application, input, output, normalizationBy(application, normalization, 'between_'))
    : [{ op: 'Identity', inputs: [input], output }];
  return activated(application, between.activation, nodes);
}

/** What the convolutions give: the layer's output, but for its bias. */
const linearOutput = (application: Application) =>
  application.weight('bias') ? `${application.output}/convolution` : application.output;

/** With the bias and the activation that the layer has. */
function finished(application: Application, nodes: GraphNode[]): GraphNode[] {
  const { output, config } = application;
  const bias = application.weight('bias');
  const added: GraphNode[] = bias
    ? [{ op: 'BiasAdd', inputs: [linearOutput(application), application.constant('bias', bias)], output }]
    : [];
  return activated(application, config.activation, [...nodes, ...added]);
}
