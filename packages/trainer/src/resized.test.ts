import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Batch, type BatchSource, evaluate, memoryStore, recalibrateBatchNorm, train } from './index';

beforeAll(() => tf.setBackend('cpu'));

const model = () =>
  tfl.sequential({
    layers: [
      tfl.layers.conv2d({
        name: 'conv',
        inputShape: [6, 6, 1],
        filters: 2,
        kernelSize: 3,
        kernelInitializer: tfl.initializers.randomNormal({ seed: 1 }),
      }),
      tfl.layers.globalAveragePooling2d({}),
      tfl.layers.dense({
        name: 'head',
        units: 3,
        kernelInitializer: tfl.initializers.randomNormal({ seed: 2 }),
      }),
    ],
  });

/** Two steps an epoch; the first three of a run are at 4 pixels. */
function source(flag: true | undefined): BatchSource {
  return {
    size: 4,
    stepsPerEpoch: 2,
    *batches(epoch, startStep): Generator<Batch> {
      for (let step = startStep; step < 2; step++) {
        const small = 2 * epoch + step < 3;
        const side = small ? 4 : 6;
        const images = Float32Array.from({ length: 2 * side * side }, (_, i) => Math.sin(i + epoch + step));
        const batch: Batch = { images, shape: [2, side, side, 1], labels: Int32Array.of(step, 2) };
        yield small && flag ? { ...batch, resized: flag } : batch;
      }
    },
    workBefore: (steps) => 16 * Math.min(3, steps) + 36 * Math.max(0, steps - 3),
  };
}

describe('batches of another size than the model', () => {
  it('train where they say so, tell the time that is left, and resume to the same bits', async () => {
    const whole = model();
    const left: number[] = [];
    let milliseconds = 0;
    const clock = () => milliseconds;
    const callbacks = [{ onStep: (event: { secondsLeft: number }) => void left.push(event.secondsLeft) }];
    const trainData: BatchSource = {
      ...source(true),
      *batches(epoch, startStep) {
        // A step takes a second for each pixel.
        for (const batch of source(true).batches(epoch, startStep) as Iterable<Batch>) {
          milliseconds += 1000 * batch.shape[1] ** 2;
          yield batch;
        }
      },
    };
    await train({ model: whole, trainData, config: { epochs: 3 }, callbacks, clock });
    expect(left.map((value) => Math.round(value))).toEqual([16 + 16 + 108, 16 + 108, 108, 72, 36, 0]);

    const store = memoryStore();
    const cut = model();
    const again = model();
    await train({ model: cut, trainData: source(true), config: { epochs: 3, maxSteps: 2 }, store });
    const { found } = await store.latest();
    await train({
      model: again,
      trainData: source(true),
      config: { maxSteps: null },
      resumeFrom: found!.checkpoint,
    });
    expect(values(again)).toEqual(values(whole));
    for (const each of [whole, cut, again]) each.dispose();
  });

  it('are refused where they do not, and wherever nothing is trained', async () => {
    const own = model();
    const message = /a batch must have the model's input shape \[null,6,6,1\], received \[2,4,4,1\]/;
    const config = { epochs: 1 };
    await expect(train({ model: own, trainData: source(undefined), config })).rejects.toThrow(message);
    await expect(evaluate({ model: own, data: source(true) })).rejects.toThrow(message);
    await expect(recalibrateBatchNorm({ model: own, data: source(true) })).rejects.toThrow(message);
    own.dispose();
  });

  it('must have the channels of the model all the same', async () => {
    const own = model();
    const trainData: BatchSource = {
      size: 1,
      stepsPerEpoch: 1,
      *batches() {
        yield { images: new Float32Array(32), shape: [1, 4, 4, 2], labels: Int32Array.of(0), resized: true };
      },
    };
    await expect(train({ model: own, trainData, config: { epochs: 1 } })).rejects.toThrow(
      /received \[1,4,4,2\]/,
    );
    own.dispose();
  });
});

const values = (from: tfl.LayersModel) => from.getWeights().map((weight) => Array.from(weight.dataSync()));
