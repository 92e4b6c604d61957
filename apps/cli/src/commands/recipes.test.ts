import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { whitenStem, xception } from '@xcp/xception';
import { describe, expect, it } from 'vitest';
import {
  home,
  interruptAt,
  json,
  jsonLines,
  outcome,
  trainArgs,
  withTrainedRun,
  xcp,
} from '../testing/harness';
import { tinyCifar10 } from '../testing/tiny-cifar10';
import { dataSources } from '../training/data-sources';
import { modelConfig } from '../training/model-config';

const whitened = [
  '--set',
  'model.stem={"filters":[12,4],"strides":[1,2],"padding":"same","kernelSizes":[2,3],"whiten":true}',
];
const small = ['--set', 'data.progressive=[{"until":0.5,"size":4}]'];
const identities = [
  '--set',
  'model.depthwiseInitializer=identity',
  '--set',
  'model.residualGammaInitializer=zeros',
];

describe('a whitened stem', () => {
  it('is made of the training images at the beginning of a run, and stays as it is', async () => {
    expect(await xcp(trainArgs('run', ...whitened))).toMatchObject({ code: 0 });
    const { config } = json('run', 'config.json');
    const expected = xception(modelConfig(config, 10));
    for (const { images, shape } of dataSources(tinyCifar10, config).sample()) {
      expect(shape).toEqual([40, 8, 8, 3]);
      whitenStem(expected, { data: images, shape });
    }
    const kernel = expected.getLayer('block1_conv1').getWeights()[0]!.dataSync();
    expected.dispose();

    const { weightsManifest } = json('run', 'model', 'model.json');
    const bytes = readFileSync(join(home, 'run', 'model', 'weights.bin'));
    let at = 0;
    for (const { name, shape } of weightsManifest[0].weights) {
      const size = tf.util.sizeFromShape(shape);
      if (name === 'block1_conv1/kernel') break;
      at += 4 * size;
    }
    const saved = Array.from(kernel, (_, i) => bytes.readFloatLE(at + 4 * i));
    expect(saved).toEqual(Array.from(kernel));
    expect(await xcp(['eval', 'run', '--json'])).toMatchObject({ code: 0 });
  });
});

describe('a whitened run without a checkpoint', () => {
  it('is whitened again when it begins anew', async () => {
    await xcp(trainArgs('whole', ...whitened));
    await xcp(trainArgs('killed', ...whitened, '--json'), interruptAt(2));
    rmSync(join(home, 'killed', 'checkpoints'), { recursive: true });
    expect(await xcp(['resume', 'killed'])).toMatchObject({ code: 0 });
    expect(outcome('killed')).toEqual(outcome('whole'));
  });
});

describe.each([
  ['a whitened stem', whitened],
  ['progressive resizing', small],
  ['identity-like starts', identities],
  ['a learning rate of its own', ['--set', 'optimizer.groups=[{"match":["/beta"],"learningRateScale":8}]']],
  ['all of them', [...whitened, ...small, ...identities]],
])('a run with %s', (_, settings) => {
  it('changes what it computes, and resumed ends with the same bits', async () => {
    await withTrainedRun();
    await xcp(trainArgs('whole', ...settings));
    expect(outcome('whole').metrics).not.toEqual(outcome('run').metrics);
    await xcp(trainArgs('cut', ...settings, '--json'), interruptAt(5));
    expect(await xcp(['resume', 'cut'])).toMatchObject({ code: 0 });
    expect(outcome('cut')).toEqual(outcome('whole'));
  });
});

describe('progressive resizing', () => {
  it('trains the same on other threads, and says the sizes', async () => {
    const { out } = await xcp(trainArgs('whole', ...small, '--workers', '0'));
    expect(out).toContain('CIFAR-10 at 4×4, then 8×8: 40 training');
    await xcp(trainArgs('ahead', ...small, '--workers', '2'));
    expect(outcome('ahead')).toEqual(outcome('whole'));
  });

  it('reaches the batches of its steps, and no evaluation', async () => {
    await xcp(trainArgs('run', ...small));
    const { config } = json('run', 'config.json');
    const { train, validation, test } = dataSources(tinyCifar10, config);
    const sides = [0, 1, 2].flatMap((epoch) =>
      [...(train.batches(epoch, 0) as Iterable<{ shape: readonly number[] }>)].map(({ shape }) => shape[1]),
    );
    expect(sides).toEqual([4, 4, 4, 4, 4, 4, 8, 8, 8, 8, 8, 8]);
    for (const source of [validation!, test]) {
      for (const { shape } of source.batches(0, 0) as Iterable<{ shape: readonly number[] }>) {
        expect(shape[1]).toBe(8);
      }
    }
  });

  it('is in the dry run, with the speed at each size', async () => {
    const { out } = await xcp([...trainArgs('dry', ...small), '--dry-run', '--json']);
    const { steps, seconds, imagesPerSecond } = jsonLines(out).at(-1);
    expect(seconds).toBeCloseTo((steps * 10) / imagesPerSecond, 6);
  });

  it('is in the command that trains longer, which holds all settings', async () => {
    const { out } = await xcp(trainArgs('run', ...small));
    const next = /^train on {2}xcp (train .*)$/m.exec(out)![1]!;
    expect(next).toBe('train --config run/config.json --set epochs=6');
    expect(await xcp([...next.split(' '), '--out', 'longer'])).toMatchObject({ code: 0 });
    const [shorter, longer] = ['run', 'longer'].map((run) => json(run, 'config.json').config);
    expect(longer).toEqual({ ...shorter, epochs: 6 });
  });

  it('refuses another length on resume, by which the steps done would have been other ones', async () => {
    await xcp(trainArgs('run', ...small));
    expect(await xcp(['resume', 'run', '--set', 'epochs=4'])).toMatchObject({
      code: 1,
      err: /`epochs` must stay 3, received 4; `data\.progressive` is drawn over/,
    });
  });

  it('evaluates and reports a run of before there was such a key', async () => {
    await withTrainedRun();
    const path = join(home, 'run', 'config.json');
    const record = json('run', 'config.json');
    delete record.config.data.progressive;
    writeFileSync(path, JSON.stringify(record));
    expect(await xcp(['eval', 'run'])).toMatchObject({ code: 0 });
    expect(await xcp(['resume', 'run', '--set', 'epochs=4'])).toMatchObject({ code: 0 });
  });

  it.each([
    ['[{"until":0.5,"size":4},{"until":0.5,"size":6}]', /data\.progressive\.1\.until: must be above 0\.5/],
    ['[{"until":1.5,"size":4}]', /data\.progressive\.0\.until/],
    ['[{"until":0.5,"size":0}]', /data\.progressive\.0\.size/],
    ['[{"until":0.5}]', /data\.progressive\.0\.size/],
  ])('refuses %s', async (value, message) => {
    const { code, err } = await xcp(trainArgs('bad', '--set', `data.progressive=${value}`));
    expect(code).not.toBe(0);
    expect(err).toMatch(message);
  });

  it('refuses a size that leaves nothing of the image', async () => {
    const stem = 'model.stem={"filters":[4,4],"strides":[1,1],"padding":"valid"}';
    const { err } = await xcp(
      trainArgs('bad', '--set', stem, '--set', 'data.progressive=[{"until":0.5,"size":4}]'),
    );
    expect(err).toMatch(/data\.progressive\.0\.size: must be at least 5/);
  });
});
