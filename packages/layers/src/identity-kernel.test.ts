import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { conv2d, identityKernel, separableConv2d } from './index';
import { disposeWeights, expectNoLeak, savedAndLoaded, wave } from './test-tools';

beforeAll(() => tf.setBackend('cpu'));

const same = (a: tf.Tensor, b: tf.Tensor) =>
  expect(Array.from(a.dataSync())).toEqual(Array.from(b.dataSync()));

describe('identityKernel', () => {
  it.each([1, 2, 3, 4, 5])('of size %d hands the input on', (kernelSize) => {
    const x = wave([2, 6, 5, 3]);
    const full = conv2d({
      filters: 3,
      kernelSize,
      padding: 'same',
      kernelInitializer: identityKernel({ seed: 1 }),
    });
    same(full.apply(x) as tf.Tensor, x);
    const separable = separableConv2d({
      filters: 3,
      kernelSize,
      padding: 'same',
      depthwiseInitializer: identityKernel({ seed: 1, depthwise: true }),
      pointwiseInitializer: identityKernel({ seed: 2 }),
    });
    same(separable.apply(x) as tf.Tensor, x);
    disposeWeights(full);
    disposeWeights(separable);
  });

  it('draws the outputs that have no input, each seed others, and leaves the others be', () => {
    const values = (seed: number) => Array.from(identityKernel({ seed }).apply([1, 1, 3, 5]).dataSync());
    const [one, two] = [values(1), values(2)];
    expect(values(1)).toEqual(one);
    for (const kernel of [one, two]) {
      expect(kernel.filter((_, i) => i % 5 < 3)).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    }
    expect(two.filter((_, i) => i % 5 >= 3)).not.toEqual(one.filter((_, i) => i % 5 >= 3));
    const variance = Array.from(identityKernel({ seed: 3 }).apply([3, 3, 16, 400]).dataSync())
      .filter((_, i) => i % 400 >= 16)
      .reduce((sum, v, _, { length }) => sum + v ** 2 / length, 0);
    expect(variance).toBeCloseTo(2 / 144, 3);
  });

  it('leaves inputs out where there are fewer outputs', () => {
    expect(Array.from(identityKernel({ seed: 1 }).apply([1, 1, 3, 2]).dataSync())).toEqual([
      1, 0, 0, 1, 0, 0,
    ]);
  });

  it('leaks nothing and says what it takes', () => {
    expectNoLeak(() => identityKernel({ seed: 1 }).apply([3, 3, 2, 4]).dispose());
    expect(() => identityKernel({ seed: -1 })).toThrow(/identityKernel: `seed` must be a whole number/);
    expect(() => identityKernel({ seed: 1, deptwise: true } as never)).toThrow(/did you mean `depthwise`/);
    expect(() => identityKernel({ seed: 1, depthwise: 1 as never })).toThrow(
      /`depthwise` must be true or false/,
    );
    expect(() => identityKernel({ seed: 1 }).apply([3, 4])).toThrow(
      /must have the shape .* received \[3,4\]/,
    );
  });

  it('and a kernel that never trains come back from a saved model', async () => {
    const tfl = await import('@tensorflow/tfjs-layers');
    const layer = conv2d({
      filters: 2,
      kernelSize: 2,
      inputShape: [4, 4, 3],
      useBias: true,
      kernelTrainable: false,
      kernelInitializer: identityKernel({ seed: 4 }),
    });
    const model = tfl.sequential({ layers: [layer] });
    const loaded = await savedAndLoaded(model);
    expect(loaded.layers[0]!.getConfig()).toEqual(layer.getConfig());
    loaded.layers[0]!.trainable = true;
    expect(loaded.trainableWeights.map((w) => w.originalName.split('/').at(-1))).toEqual(['bias']);
    expect(() => conv2d({ filters: 1, kernelSize: 1, kernelTrainable: 0 as never })).toThrow(
      /`kernelTrainable` must be true or false, received 0/,
    );
    model.dispose();
    loaded.dispose();
  });
});
