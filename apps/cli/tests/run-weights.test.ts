import type * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { join } from 'node:path';
import { loadModel } from '@xcp/trainer/node';
import { xception } from '@xcp/xception';
import { loadWeights } from '@xcp/xception/node';
import { expect, it } from 'vitest';
import { home, interruptAt, json, trainArgs, xcp } from '../src/testing/harness';
import { modelConfig } from '../src/training/model-config';

const numbers = (weights: tf.Tensor[]) => weights.flatMap((weight) => Array.from(weight.dataSync()));

it("gives a network the weights of a run's folder: its newest checkpoint, then its model", async () => {
  await xcp(trainArgs('first', '--json'), interruptAt(7));
  const model = xception(modelConfig(json('first', 'config.json').config, 10));
  const { path, replaced } = await loadWeights(model, join(home, 'first'));
  expect(path).toBe(join(home, 'first', 'checkpoints', 'step-0000007', 'weights.safetensors'));
  expect(replaced).toEqual([]);

  await xcp(['resume', 'first']);
  const report = await loadWeights(model, join(home, 'first'));
  expect(report).toMatchObject({ path: join(home, 'first', 'model', 'model.json'), replaced: [] });
  const exported = await loadModel(join(home, 'first', 'model'));
  expect(numbers(model.getWeights())).toEqual(numbers(exported.getWeights()));
  model.dispose();
  exported.dispose();
});
