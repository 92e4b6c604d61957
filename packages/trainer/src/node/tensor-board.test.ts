import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EpochEndEvent, TrainCallback } from '../callbacks';
import { memoryStore } from '../checkpoint/memory-store';
import { rollBack } from '../fixtures/roll-back';
import { type ReadEvent, readEvents } from '../fixtures/tf-events';
import { tinyModel, tinySource } from '../fixtures/tiny';
import { resume } from '../resume';
import { train } from '../train';
import { tensorBoard } from './tensor-board';

let directory: string;
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'events-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const trainData = tinySource();
const validationData = tinySource({ size: 6, shuffle: false });
const config = { epochs: 3, logEverySteps: 2, ema: { decay: 0.5 } };

const files = (folder: string) => readdirSync(folder).sort();
const eventsOf = (folder: string) =>
  files(folder).flatMap((name) => readEvents(readFileSync(join(folder, name))));

/** What TensorBoard holds in the end, as tag, step and value: a session drops what is not before its beginning. */
function shown(events: readonly ReadEvent[]) {
  let held: { tag: string; step: number; value: number }[] = [];
  for (const { step, sessionStart, scalars } of events) {
    if (sessionStart) held = held.filter((point) => point.step < step);
    for (const [tag, value] of Object.entries(scalars)) held.push({ tag, step, value });
  }
  return held.filter(({ tag }) => !/imagesPerSecond|tensorBytes|seconds/.test(tag));
}

describe('tensorBoard', () => {
  it('writes every figure of logs and epochs, and the configuration', async () => {
    const folder = join(directory, 'made');
    const logged: number[] = [];
    const { history } = await train({
      model: tinyModel(),
      trainData,
      validationData,
      config,
      callbacks: [
        tensorBoard(folder, { now: () => 1_764_000_000_250 }),
        { onLog: ({ loss }) => void logged.push(Math.fround(loss)) },
      ],
    });
    expect(files(folder)).toEqual(['events.out.tfevents.1764000000.xcp.0000']);
    const [version, start, text, ...rest] = eventsOf(folder);
    expect(version).toMatchObject({ step: 0, fileVersion: 'brain.Event:2' });
    expect(start).toMatchObject({ step: 1, sessionStart: true });
    expect(JSON.parse(text!.texts.config!.replaceAll(/^```.*$/gm, ''))).toMatchObject(config);
    const values = (tag: string) => rest.flatMap((event) => event.scalars[tag] ?? []);
    expect(values('train/loss')).toEqual(logged);
    expect(logged).toHaveLength(4);
    expect(values('train/learningRate')).toEqual([0.045, 0.045, 0.045, 0.045 * 0.94].map(Math.fround));
    expect(values('train/tensorBytes').every((bytes) => bytes > 0)).toBe(true);
    expect(values('train/imagesPerSecond')).toHaveLength(4);
    for (const [tag, of] of [
      ['epoch/loss', (epoch) => epoch.loss],
      ['epoch/seconds', (epoch) => epoch.seconds],
      ['validation/accuracy', (epoch) => epoch.validation!.accuracy],
      ['ema/loss', (epoch) => epoch.ema!.loss],
    ] as [string, (epoch: (typeof history)[number]) => number][]) {
      expect(values(tag), tag).toEqual(history.map((epoch) => Math.fround(of(epoch))));
    }
    const tags = new Set(rest.flatMap(({ scalars }) => Object.keys(scalars)));
    expect([...tags].some((tag) => /step|epochs|Left/.test(tag))).toBe(false);
  });

  it('shows after a kill and a resume what a run that never stopped shows', async () => {
    const [golden, folder] = [join(directory, 'golden'), join(directory, 'cut')];
    await train({ model: tinyModel(), trainData, validationData, config, callbacks: [tensorBoard(golden)] });
    const store = memoryStore();
    const options = { trainData, validationData, store };
    const now = () => 1_764_000_000_000;
    await train({
      ...options,
      model: tinyModel(),
      config: { ...config, maxSteps: 4 },
      callbacks: [tensorBoard(folder, { now })],
    });
    const onStep = ({ step }: { step: number }) => {
      if (step === 9) throw new Error('killed');
    };
    const callbacks = [tensorBoard(folder, { now }), { onStep }];
    await expect(
      resume({ ...options, model: tinyModel(), config: { maxSteps: null }, callbacks }),
    ).rejects.toThrow('killed');
    // A clock that was set back must not change the order of the files.
    const back = [tensorBoard(folder, { now: () => 1_763_000_000_000 })];
    await resume({ ...options, model: tinyModel(), config: { maxSteps: null }, callbacks: back });
    expect(files(folder)).toHaveLength(3);
    expect(shown(eventsOf(folder))).toEqual(shown(eventsOf(golden)));
    expect(shown(eventsOf(folder)).length).toBeGreaterThan(20);
  });

  it('drops what a rollback undoes', async () => {
    const [golden, folder] = [join(directory, 'golden'), join(directory, 'rolled')];
    const callback = tensorBoard(folder);
    const undone: TrainCallback = {
      onEpochEnd: ({ epoch, ...rest }) => {
        if (epoch > 1) return;
        const later = { ...rest, epoch: 2, step: 6, validation: null, ema: null };
        callback.onEpochEnd!(later as EpochEndEvent, { stop: () => {}, save: () => {} });
        rollBack(callback, { toStep: 3, toEpoch: 1 });
      },
    };
    const options = { trainData, validationData, config };
    await train({ ...options, model: tinyModel(), callbacks: [tensorBoard(golden)] });
    await train({ ...options, model: tinyModel(), callbacks: [callback, undone] });
    expect(eventsOf(folder).length).toBe(eventsOf(golden).length + 2);
    expect(shown(eventsOf(folder))).toEqual(shown(eventsOf(golden)));
  });

  it('refuses to mix two runs', async () => {
    const attempt = () =>
      train({ model: tinyModel(), trainData, config: { epochs: 1 }, callbacks: [tensorBoard(directory)] });
    await attempt();
    await expect(attempt()).rejects.toThrow('tensorBoard: `folder` must hold no events for a new run');
    expect(files(directory)).toHaveLength(1);
  });
});
