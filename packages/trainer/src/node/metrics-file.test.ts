import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { memoryStore } from '../checkpoint/memory-store';
import { tinyModel, tinySource } from '../fixtures/tiny';
import { resume } from '../resume';
import { train } from '../train';
import { type MetricsRow, metricsFile, readMetrics } from './metrics-file';

let directory: string;
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'metrics-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const trainData = tinySource();
const validationData = tinySource({ size: 6, shuffle: false });
const config = { epochs: 3, logEverySteps: 2, ema: { decay: 0.5 } };

/** Rows without what depends on the time and the process. */
function figures(row: MetricsRow) {
  if (row.kind === 'epoch') return { ...row, seconds: 0 };
  return { ...row, imagesPerSecond: 0, tensorBytes: 0 };
}

describe('metricsFile', () => {
  it('has a row per log event and per epoch', async () => {
    const path = join(directory, 'made', 'metrics.jsonl');
    const callbacks = [metricsFile(path)];
    const result = await train({ model: tinyModel(), trainData, validationData, config, callbacks });
    const rows = readMetrics(path);
    expect(rows.map(({ kind, step }) => [kind, step])).toEqual([
      ['log', 2],
      ['epoch', 3],
      ['log', 4],
      ['log', 6],
      ['epoch', 6],
      ['log', 8],
      ['epoch', 9],
    ]);
    expect(Object.keys(rows[0]!).sort()).toEqual(
      ['kind', 'step', 'epoch', 'loss', 'accuracy', 'learningRate', 'imagesPerSecond', 'tensorBytes'].sort(),
    );
    const epochs = rows.filter((row) => row.kind === 'epoch');
    expect(epochs.map(({ kind: _, complete: __, best: ___, ...row }) => row)).toEqual(result.history);
    expect(epochs.every(({ ema }) => ema !== null)).toBe(true);
  });

  it('ends with the rows of a run that never stopped', async () => {
    const golden = join(directory, 'golden.jsonl');
    await train({ model: tinyModel(), trainData, validationData, config, callbacks: [metricsFile(golden)] });

    const path = join(directory, 'metrics.jsonl');
    const store = memoryStore();
    const options = { trainData, validationData, store };
    // Stops within an epoch, which writes a row for what there is of it.
    await train({
      ...options,
      model: tinyModel(),
      config: { ...config, maxSteps: 4 },
      callbacks: [metricsFile(path)],
    });
    expect(readMetrics(path).at(-1)).toMatchObject({ kind: 'epoch', step: 4, complete: false });
    // Is killed later, between a checkpoint and the next, and in the middle of a row.
    const onStep = ({ step }: { step: number }) => {
      if (step === 8) throw new Error('killed');
    };
    const callbacks = [metricsFile(path), { onStep }];
    const killed = resume({ ...options, model: tinyModel(), config: { maxSteps: null }, callbacks });
    await expect(killed).rejects.toThrow('killed');
    appendFileSync(path, '{"kind":"log","step":8,"epo');

    await resume({ ...options, model: tinyModel(), callbacks: [metricsFile(path)] });
    expect(readMetrics(path).map(figures)).toEqual(readMetrics(golden).map(figures));
    expect(existsSync(`${path}.tmp`)).toBe(false);
  });

  it('refuses to mix two runs, and a path that cannot be written', async () => {
    const path = join(directory, 'metrics.jsonl');
    writeFileSync(path, '{"kind":"log"}\n');
    const attempt = (file: string) =>
      train({ model: tinyModel(), trainData, config, callbacks: [metricsFile(file)] });
    await expect(attempt(path)).rejects.toThrow('must be a new or empty file for a new run');
    expect(readFileSync(path, 'utf8')).toBe('{"kind":"log"}\n');
    await expect(attempt(join(path, 'inside.jsonl'))).rejects.toThrow('ENOTDIR');
  });
});
