import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { memoryStore } from '../checkpoint/memory-store';
import { rollBack } from '../fixtures/roll-back';
import { tinyModel, tinySource } from '../fixtures/tiny';
import { resume } from '../resume';
import { train } from '../train';
import { csvFile } from './csv-file';

let directory: string;
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'csv-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const trainData = tinySource();
const validationData = tinySource({ size: 6, shuffle: false });

describe('csvFile', () => {
  it('has a heading and a line per epoch, also of a run that was killed and resumed', async () => {
    const path = join(directory, 'made', 'epochs.csv');
    const store = memoryStore();
    const config = { epochs: 3, validateEveryEpochs: 2, ema: { decay: 0.5 } };
    const options = { trainData, validationData, store };
    await train({
      ...options,
      model: tinyModel(),
      config: { ...config, maxSteps: 7 },
      callbacks: [csvFile(path)],
    });
    appendFileSync(path, '3,9,0.5,0.5,,,,,0.1,1\n4,12,0.');
    const callbacks = [csvFile(path)];
    const result = await resume({ ...options, model: tinyModel(), config: { maxSteps: null }, callbacks });
    const [heading, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(heading).toBe(
      'epoch,step,loss,accuracy,validationLoss,validationAccuracy,emaLoss,emaAccuracy,learningRate,seconds',
    );
    expect(
      lines.map((line) => line.split(',').map((value) => (value === '' ? null : Number(value)))),
    ).toEqual(
      result.history.map(({ epoch, step, loss, accuracy, validation, ema, learningRate, seconds }) => [
        epoch,
        step,
        loss,
        accuracy,
        validation?.loss ?? null,
        validation?.accuracy ?? null,
        ema?.loss ?? null,
        ema?.accuracy ?? null,
        learningRate,
        seconds,
      ]),
    );
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain(',,,,');
  });

  it('drops what a rollback undoes', async () => {
    const path = join(directory, 'epochs.csv');
    const callback = csvFile(path);
    await train({ model: tinyModel(), trainData, config: { epochs: 3 }, callbacks: [callback] });
    rollBack(callback, { toStep: 6, toEpoch: 2 });
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => line.split(',')[0])).toEqual(['epoch', '1', '2']);
  });

  it('refuses to mix two runs', async () => {
    const path = join(directory, 'epochs.csv');
    const attempt = () =>
      train({ model: tinyModel(), trainData, config: { epochs: 1 }, callbacks: [csvFile(path)] });
    await attempt();
    const before = readFileSync(path, 'utf8');
    await expect(attempt()).rejects.toThrow('csvFile: `path` must be a new or empty file for a new run');
    expect(readFileSync(path, 'utf8')).toBe(before);
  });
});
