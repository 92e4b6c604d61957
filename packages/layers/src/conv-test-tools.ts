import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { conv2d } from './conv2d';
import { depthwiseConv2d } from './depthwise-conv2d';
import { maxPooling2d } from './max-pooling2d';
import { separableConv1d } from './separable-conv1d';
import { separableConv2d } from './separable-conv2d';
import { expectClose, toTensor } from './test-tools';

export const factories = { conv2d, depthwiseConv2d, maxPooling2d, separableConv1d, separableConv2d };

/** What an example of another framework says of a layer. */
export interface ConvGolden {
  weights: { shape: number[]; values: number[] }[];
  /** The weights as the layer's constraints leave them. */
  constrained?: number[][];
  x: { shape: number[]; values: number[] };
  y: { shape: number[]; values: number[] };
  penalty?: number;
  dy: number[];
  dx: number[];
  dweights: number[][];
}

/** Checks a layer's output, losses, output shape and gradients against those of an example. */
export function expectGolden(layer: tfl.layers.Layer, example: ConvGolden): void {
  const x = toTensor(example.x);
  layer.build(x.shape);
  layer.setWeights(example.weights.map(toTensor));
  example.constrained?.forEach((values, i) => {
    expectClose(layer.getWeights()[i]!, values);
  });
  const y = layer.apply(x) as tf.Tensor;
  if (y.shape.join() !== example.y.shape.join()) throw new Error(`shape ${y.shape} for ${example.y.shape}`);
  expectClose(layer.computeOutputShape(x.shape) as number[], example.y.shape);
  expectClose(y, example.y.values, 1e-3);

  const dy = tf.tensor(example.dy, example.y.shape);
  let penalty = 0;
  const loss = (input: tf.Tensor) =>
    tf.tidy(() => {
      const output = layer.apply(input, { training: true }) as tf.Tensor;
      const losses = tf.addN([tf.scalar(0), ...(layer.calculateLosses() as tf.Scalar[])]);
      penalty = losses.dataSync()[0]!;
      return tf.add(tf.sum(tf.mul(output, dy)), losses) as tf.Scalar;
    });
  expectClose(tf.grad(loss)(x), example.dx, 1e-3);
  expectClose([penalty], [example.penalty ?? 0], 1e-3);
  if (layer.weights.length === 0) return;
  const { grads } = tf.variableGrads(() => loss(x));
  layer.weights.forEach((weight, i) => {
    expectClose(grads[weight.name]!, example.dweights[i]!, 2e-3);
  });
}

interface NaiveWindow {
  kernelSize: [number, number];
  strides: [number, number];
  dilations: [number, number];
  padding: 'same' | 'valid' | 'symmetric';
}

/** The places of a window along one axis: for each output the input index under each tap, or −1 outside. */
function taps(size: number, axis: 0 | 1, window: NaiveWindow): number[][] {
  const [k, s, d] = [window.kernelSize[axis], window.strides[axis], window.dilations[axis]];
  const reach = (k - 1) * d + 1;
  let [before, after] = [0, 0];
  if (window.padding === 'symmetric') before = after = Math.floor((d * (k - 1)) / 2);
  if (window.padding === 'same') {
    const total = Math.max(0, (Math.ceil(size / s) - 1) * s + reach - size);
    before = Math.floor(total / 2);
    after = total - before;
  }
  const places: number[][] = [];
  for (let start = -before; start + reach <= size + after; start += s) {
    const list = [];
    for (let i = 0; i < k; i++) {
      const at = start + i * d;
      list.push(at >= 0 && at < size ? at : -1);
    }
    places.push(list);
  }
  return places;
}

/** Visits every output pixel and the pairs (tap, input index) under its window that lie inside. */
function slide(
  x: tf.Tensor4D,
  window: NaiveWindow,
  visit: (at: number[], inside: { tap: number[]; input: number[] }[]) => void,
): [number, number] {
  const rows = taps(x.shape[1], 0, window);
  const columns = taps(x.shape[2], 1, window);
  for (let n = 0; n < x.shape[0]; n++)
    rows.forEach((ys, oy) => {
      columns.forEach((xs, ox) => {
        const inside: { tap: number[]; input: number[] }[] = [];
        ys.forEach((y, i) => {
          xs.forEach((column, j) => {
            if (y >= 0 && column >= 0) inside.push({ tap: [i, j], input: [n, y, column] });
          });
        });
        visit([n, oy, ox], inside);
      });
    });
  return [rows.length, columns.length];
}

/** A convolution as loops: dense, or each channel on its own. */
export function naiveConv(x: tf.Tensor4D, kernel: tf.Tensor4D, window: NaiveWindow, depthwise: boolean) {
  const [image, filter] = [x.bufferSync(), kernel.bufferSync()];
  const [, , channels, last] = kernel.shape;
  const sums: number[] = [];
  const size = slide(x, window, (_, inside) => {
    for (let c = 0; c < (depthwise ? channels : 1); c++)
      for (let o = 0; o < last; o++) {
        let sum = 0;
        for (const { tap, input } of inside)
          for (let k = 0; k < (depthwise ? 1 : channels); k++)
            sum += image.get(...input, depthwise ? c : k) * filter.get(...tap, depthwise ? c : k, o);
        sums.push(sum);
      }
  });
  return tf.tensor4d(sums, [x.shape[0], ...size, depthwise ? channels * last : last]);
}

/** Max pooling as loops. */
export function naiveMaxPool(x: tf.Tensor4D, window: NaiveWindow) {
  const image = x.bufferSync();
  const values: number[] = [];
  const size = slide(x, window, (_, inside) => {
    for (let c = 0; c < x.shape[3]; c++)
      values.push(Math.max(...inside.map(({ input }) => image.get(...input, c))));
  });
  return tf.tensor4d(values, [x.shape[0], ...size, x.shape[3]]);
}
