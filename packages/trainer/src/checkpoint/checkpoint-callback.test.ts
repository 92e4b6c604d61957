import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TrainConfig } from '../config/train-config';
import { figuresOf, weightBits } from '../fixtures/exact';
import { tinyModel, tinySource } from '../fixtures/tiny';
import { resume } from '../resume';
import { type EpochMetric, epochMetrics } from '../schedules/epoch-metric';
import { train } from '../train';
import { memoryStore } from './memory-store';

beforeAll(() => tf.setBackend('cpu'));

const trainData = tinySource();
const validationData = tinySource({ size: 6, shuffle: false });

/** The steps at which a run of 3 steps an epoch has its checkpoints, if every step takes half a minute. */
async function savedSteps(config: Partial<TrainConfig>): Promise<number[]> {
  const saved: number[] = [];
  let now = 0;
  const onStep = () => {
    now += 30_000;
  };
  const callbacks = [{ onStep, onCheckpoint: ({ step }: { step: number }) => void saved.push(step) }];
  const options = { model: tinyModel(), trainData, store: memoryStore(), callbacks, clock: () => now };
  await train({ ...options, config: { epochs: 3, checkpointEveryEpochs: null, ...config } });
  return saved;
}

describe('checkpoints', () => {
  it.each<[Partial<TrainConfig>, number[]]>([
    [{}, [9]],
    [{ checkpointEveryEpochs: 1 }, [3, 6, 9]],
    [{ checkpointEveryEpochs: 2 }, [6, 9]],
    [{ checkpointEverySteps: 2 }, [2, 4, 6, 8, 9]],
    [{ checkpointEverySteps: 1, maxSteps: 4 }, [1, 2, 3, 4]],
    [{ checkpointEveryMinutes: 1 }, [2, 4, 6, 8, 9]],
    [{ checkpointEveryMinutes: 1.1 }, [3, 6, 9]],
    // What is saved for another reason counts.
    [{ checkpointEveryMinutes: 2, checkpointEveryEpochs: 1 }, [3, 6, 9]],
  ])('are written when they are due: %j', async (config, steps) => {
    expect(await savedSteps(config)).toEqual(steps);
  });

  it('may be written at other times in a resumed run, which ends with the same bits', async () => {
    const config = { epochs: 3, schedule: { name: 'constant', learningRate: 0.1 } } as const;
    const whole = tinyModel();
    const expected = await train({ model: whole, trainData, validationData, config });
    const store = memoryStore({ keepLast: 100 });
    const options = { trainData, validationData, store };
    await train({ ...options, model: tinyModel(), config: { ...config, maxSteps: 2 } });
    const times = {
      checkpointEveryEpochs: null,
      checkpointEverySteps: 5,
      checkpointEveryMinutes: 1e-9,
      bestMetric: 'loss' as const,
    };
    const model = tinyModel();
    const result = await resume({ ...options, model, config: { maxSteps: null, ...times } });
    expect({ ...figuresOf(result), best: null }).toEqual({ ...figuresOf(expected), best: null });
    expect(await weightBits(model)).toEqual(await weightBits(whole));
    expect(await store.list()).toHaveLength(8);
  });

  it('that stay are the newest, the best, and every one at a multiple', async () => {
    const kept = async (keepEvery: { steps: number } | { epochs: number } | null) => {
      const store = memoryStore({ keepLast: 1, keepEvery });
      const config = { epochs: 5, checkpointEverySteps: 1 };
      await train({ model: tinyModel(), trainData, store, config });
      return (await store.list()).map((name) => Number(name.slice(5)));
    };
    expect(await kept(null)).toEqual([15]);
    expect(await kept({ steps: 4 })).toEqual([15, 12, 8, 4]);
    expect(await kept({ epochs: 2 })).toEqual([15, 12, 6]);
  });

  it('cannot be kept by what is no rule', () => {
    const store = (keepEvery: unknown) => () => memoryStore({ keepEvery: keepEvery as { steps: number } });
    expect(store({})).toThrow('memoryStore: `keepEvery` must have one of `steps` and `epochs`, received {}');
    expect(store({ steps: 1, epochs: 1 })).toThrow('must have one of');
    expect(store({ steps: 0 })).toThrow('`keepEvery.steps` must be a whole number, at least 1, received 0');
    expect(store({ step: 5 })).toThrow('did you mean `steps`?');
  });
});

describe('bestMetric', () => {
  it.each(Object.keys(epochMetrics) as EpochMetric[])('%s chooses the best epoch', async (bestMetric) => {
    const store = memoryStore({ keepLast: 1 });
    const ema = bestMetric.startsWith('ema') ? { decay: 0.9 } : null;
    const config = { epochs: 8, bestMetric, ema, schedule: { name: 'constant', learningRate: 2 } } as const;
    const told: number[] = [];
    const result = await train({
      model: tinyModel(),
      trainData,
      validationData,
      store,
      config,
      callbacks: [{ onEpochEnd: ({ epoch, best }) => void (best && told.push(epoch)) }],
    });
    const { rises, of } = epochMetrics[bestMetric];
    const figures = result.history.map((epoch) => of(epoch)!);
    const least = rises ? Math.max(...figures) : Math.min(...figures);
    expect(result.best!.epoch).toBe(figures.indexOf(least) + 1);
    expect(told.at(-1)).toBe(result.best!.epoch);
    expect((await store.best()).found!.checkpoint.state.step).toBe(result.best!.step);
    const { loss, accuracy } = result.best!;
    expect({ loss, accuracy }).toEqual(result.history[result.best!.epoch - 1]!.validation);
  });

  it('of the training needs no validation; one of the validation finds no best without it', async () => {
    const best = async (bestMetric: EpochMetric) =>
      (await train({ model: tinyModel(), trainData, config: { epochs: 1, bestMetric } })).best;
    expect(await best('loss')).toEqual({ epoch: 1, step: 3, loss: null, accuracy: null });
    expect(await best('validationLoss')).toBeNull();
    await expect(best('emaLoss')).rejects.toThrow(
      "train: `bestMetric` 'emaLoss' needs averages, received `ema` null; set `ema`",
    );
  });
});
