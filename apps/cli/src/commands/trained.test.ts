import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { CIFAR10_CLASSES } from '@xcp/cifar10';
import { loadModel } from '@xcp/trainer/node';
import { fitImage } from '@xcp/xception';
import { decode } from 'fast-png';
import { beforeEach, describe, expect, it } from 'vitest';
import { pngOf } from '../figures/png';
import { decodeImage } from '../images/decode-image';
import { imageTensor } from '../images/image-tensor';
import { engine, home, json, jsonLines, read, withTrainedRun, xcp } from '../testing/harness';
import { tinyCifar10 } from '../testing/tiny-cifar10';
import type { ModelCard } from '../trained/model-card';

/** The image of the test set with that number, as a PNG file. */
function testImage(index: number): Uint8Array {
  const { images, width, height } = tinyCifar10.test;
  const size = width * height * 3;
  return pngOf({ width, height, data: images.slice(index * size, (index + 1) * size) });
}

const file = (name: string, bytes: string | Uint8Array) => {
  writeFileSync(join(home, name), bytes);
  return name;
};

beforeEach(async () => {
  await engine.activate();
  await withTrainedRun();
});

describe('xcp predict', () => {
  it('names the most probable classes, as sure as the model is', async () => {
    file('a.png', testImage(3));
    const { code, out } = await xcp(['predict', 'run', 'a.png', '--json', '--top', '10']);
    expect(code).toBe(0);
    const [{ image, predictions }] = jsonLines(out);
    expect(image).toBe('a.png');
    const scores = predictions.map(({ score }: { score: number }) => score);
    expect(scores.reduce((sum: number, score: number) => sum + score)).toBeCloseTo(1, 5);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(new Set(predictions.map(({ name }: { name: string }) => name))).toEqual(new Set(CIFAR10_CLASSES));
  });

  it('says the same from a run, its checkpoint, its exported model, and an export of that', async () => {
    file('a.png', testImage(3));
    const [newest] = readdirSync(join(home, 'run', 'checkpoints'))
      .sort()
      .reverse();
    expect((await xcp(['export', 'run', '--format', 'tfjs', '--out', 'out/model'])).code).toBe(0);
    const best = JSON.parse(readFileSync(join(home, 'run', 'result.json'), 'utf8')).weights.step;
    const checkpoint = readdirSync(join(home, 'run', 'checkpoints')).find((name) =>
      name.endsWith(String(best)),
    );
    const said = async (model: string) =>
      jsonLines((await xcp(['predict', model, 'a.png', '--json'])).out)[0].predictions;
    const expected = await said('run');
    expect(newest).toBeDefined();
    expect(await said(join('run', 'checkpoints', checkpoint!))).toEqual(expected);
    expect(await said(join('run', 'model'))).toEqual(expected);
    expect(await said(join('out', 'model'))).toEqual(expected);
  });

  it('writes what speaks for the first class over each image of a folder', async () => {
    file('a.png', testImage(3));
    file('b.png', testImage(4));
    const tensors = tf.memory().numTensors;
    const { code, out } = await xcp(['predict', 'run', 'a.png', 'b.png', '--grad-cam', 'heat', '--json']);
    expect(code).toBe(0);
    expect(jsonLines(out).map(({ gradCam }) => gradCam)).toEqual(['heat/a.png', 'heat/b.png']);
    expect(decode(readFileSync(join(home, 'heat', 'a.png')))).toMatchObject({ width: 32, height: 32 });
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('reads an image from stdin', async () => {
    const { out } = await xcp(['predict', 'run', '-', '--json'], { stdin: testImage(3) });
    expect(jsonLines(out)[0].image).toBe('stdin');
  });

  it.each([
    [['predict', 'run', 'none.png'], 'predict: an image must exist, received "none.png", which does not'],
    [['predict', 'run', 'text.png'], 'must be a whole PNG or JPEG, received "text.png"'],
    [['predict', 'nothing', 'a.png'], 'model: must exist, received'],
    [
      ['predict', '.', 'a.png'],
      'model: must be the folder of a run, of a checkpoint or of an exported model',
    ],
    [
      ['predict', 'run', 'a.png', 'text.png', '--grad-cam', 'x.png'],
      '--grad-cam: must be a folder for 2 images',
    ],
    [['export', 'run', '--format', 'onnx', '--out', 'a.png'], '--out: must be new'],
    [
      ['export', 'run', '--format', 'tfjs', '--out', 'm', '--labels', 'text.png'],
      "must name the model's 10 classes",
    ],
  ])('has one clear error for %j', async (args, message) => {
    file('a.png', testImage(0));
    file('text.png', 'no image');
    const { code, err } = await xcp(args);
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(err).not.toContain('    at ');
  });
});

describe('xcp eval', () => {
  it('evaluates a run, its checkpoint and its model to the same figures', async () => {
    const { step } = json('run', 'result.json').weights;
    const checkpoint = readdirSync(join(home, 'run', 'checkpoints')).find((name) =>
      name.endsWith(`${step}`),
    )!;
    await xcp(['export', 'run', '--format', 'tfjs', '--out', 'out']);
    const accuracy = async (model: string) =>
      jsonLines((await xcp(['eval', model, '--json'])).out)[0].loss as number;
    const expected = json('run', 'result.json').test.loss;
    expect(await accuracy('run')).toBe(expected);
    expect(await accuracy(join('run', 'checkpoints', checkpoint))).toBe(expected);
    expect(await accuracy(join('run', 'model'))).toBe(expected);
    expect(await accuracy('out')).toBe(expected);
  });

  it('averages over more views where it is told to, and prints the confusion', async () => {
    const plain = jsonLines((await xcp(['eval', 'run', '--json'])).out)[0];
    const { out } = await xcp(['eval', 'run', '--json', '--mirror', '--shift', '1']);
    expect(jsonLines(out)[0]).toMatchObject({ mirror: true, shift: 1, count: 20 });
    expect(jsonLines(out)[0].loss).not.toBe(plain.loss);
    const told = (await xcp(['eval', 'run', '--confusion'])).out;
    expect(told).toMatch(/airp +auto +bird/);
    const table = told.trimEnd().split('\n').slice(-11);
    expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(60);
  });
});

describe('xcp export', () => {
  it.each(['safetensors', 'keras', 'onnx'])('writes %s', async (format) => {
    const { code, out } = await xcp(['export', 'run', '--format', format, '--out', 'file', '--json']);
    expect(code).toBe(0);
    const [{ bytes }] = jsonLines(out);
    expect(readFileSync(join(home, 'file')).length).toBe(bytes);
  });

  it('writes a graph model, from which plain TensorFlow.js says what the run says', async () => {
    file('labels.txt', CIFAR10_CLASSES.map((name) => name.toUpperCase()).join('\n'));
    const args = ['--format', 'tfjs-graph', '--out', 'graph', '--labels', 'labels.txt'];
    expect((await xcp(['export', 'run', ...args])).code).toBe(0);
    const { weightsManifest, ...json } = JSON.parse(read('graph', 'model.json').toString());
    const bytes = read('graph', 'weights.bin');
    const weightData = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
    const artifacts = { ...json, weightSpecs: weightsManifest[0].weights, weightData };
    const graph = await loadGraphModel(tf.io.fromMemory(artifacts));
    const { normalize, classes } = (graph.metadata as { xcp: ModelCard }).xcp;
    expect(classes[1]).toBe('AUTOMOBILE');

    file('a.png', testImage(3));
    const [{ predictions }] = jsonLines(
      (await xcp(['predict', 'run', 'a.png', '--top', '10', '--json'])).out,
    );
    const input = imageTensor(fitImage(decodeImage(read('a.png')), 8), normalize);
    const scores = tf.softmax(graph.predict(tf.expandDims(input)) as tf.Tensor).dataSync();
    for (const { index, score } of predictions) expect(scores[index]).toBeCloseTo(score, 5);
    graph.dispose();
    input.dispose();
  });

  it('keeps the labels that it is given', async () => {
    const labels = CIFAR10_CLASSES.map((name) => name.toUpperCase());
    file('labels.txt', labels.join('\n'));
    await xcp(['export', 'run', '--format', 'tfjs', '--out', 'model', '--labels', 'labels.txt']);
    file('a.png', testImage(3));
    const { out } = await xcp(['predict', 'model', 'a.png', '--json']);
    expect(labels).toContain(jsonLines(out)[0].predictions[0].name);
    const model = await loadModel(join(home, 'model'));
    expect(model.getUserDefinedMetadata()).toMatchObject({ xcp: { classes: labels, size: 8 } });
    model.dispose();
    expect(existsSync(join(home, '.tmp-model'))).toBe(false);
  });
});
