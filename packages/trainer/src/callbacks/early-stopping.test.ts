import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EpochEndEvent, TrainBeginEvent } from '../callbacks';
import { memoryStore } from '../checkpoint/memory-store';
import { resolveConfig } from '../config/train-config';
import { bits, weightBits } from '../fixtures/exact';
import { tinyModel, tinySource } from '../fixtures/tiny';
import { resume } from '../resume';
import { train } from '../train';
import { type EarlyStoppingOptions, earlyStopping } from './early-stopping';

beforeAll(() => tf.setBackend('cpu'));

const trainData = tinySource();
const validationData = tinySource({ size: 6, shuffle: false });

/** An epoch with these figures; null where it was not validated. */
const epochOf = (figure: number | null, index: number) => ({
  epoch: index + 1,
  step: index + 1,
  loss: figure ?? 0,
  accuracy: figure ?? 0,
  validation: figure === null ? null : { loss: figure, accuracy: figure },
  ema: figure === null ? null : { loss: figure, accuracy: figure },
});

/** After which epoch a run with these figures ends, and why; null where it does not. */
async function endOf(figures: readonly (number | null)[], options: EarlyStoppingOptions, resumedAfter = 0) {
  const callback = earlyStopping(options);
  let end: { epoch: number; reason: string } | null = null;
  let epoch = resumedAfter;
  const control = {
    save: () => {},
    stop: (reason: string) => {
      end ??= { epoch, reason };
    },
  };
  const config = resolveConfig({ epochs: 99, ema: { decay: 0.9 } });
  const history = figures.slice(0, resumedAfter).map(epochOf);
  await callback.onTrainBegin!({ config, history, validated: true } as unknown as TrainBeginEvent, control);
  for (const [index, figure] of figures.entries()) {
    if (index < resumedAfter) continue;
    if (end) break;
    epoch = index + 1;
    await callback.onEpochEnd!(
      { ...epochOf(figure, index), complete: true } as unknown as EpochEndEvent,
      control,
    );
  }
  return end as { epoch: number; reason: string } | null;
}

describe('earlyStopping', () => {
  it.each<[EarlyStoppingOptions, (number | null)[], number | null]>([
    [{ patience: 2 }, [3, 2, 2, 1.5, 1.6, 1.5, 1], 6],
    [{ patience: 2 }, [3, 2, 1, 0.5], null],
    [{ patience: 1 }, [3, 3], 2],
    [{ patience: 2, metric: 'validationAccuracy' }, [3, 2, 2, 1.5], 3],
    [{ patience: 2, metric: 'emaAccuracy' }, [1, 2, 2, 2, 5], 4],
    [{ patience: 2, metric: 'emaLoss' }, [1, 2, 2, 2, 5], 3],
    [{ patience: 2, metric: 'loss' }, [1, 0.9, 1, 1], 4],
    [{ patience: 2, metric: 'accuracy' }, [1, 0.9, 2, 1, 1], 5],
    [{ patience: 2, minDelta: 0.5 }, [3, 2.6, 2.4, 2.3, 2.2], 5],
    [{ patience: 2, minDelta: 0.5, metric: 'accuracy' }, [1, 1.4, 1.6, 1.9, 2], 5],
    // Epochs that were not validated do not count.
    [{ patience: 2 }, [1, null, null, 2, null, 2], 6],
    [{}, [1, ...Array(9).fill(1)], null],
    [{}, [1, ...Array(10).fill(1)], 11],
  ])('with %j and the figures %j ends after epoch %j', async (options, figures, epoch) => {
    expect((await endOf(figures, options))?.epoch ?? null).toBe(epoch);
  });

  it('ends after the same epoch for the same reason, wherever the run was resumed', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(11),
      async (figures, patience, resumedAfter) => {
        const whole = await endOf(figures, { patience });
        const at = Math.min(resumedAfter, whole?.epoch ?? figures.length);
        expect(await endOf(figures, { patience }, at)).toEqual(whole);
      },
    );
    await fc.assert(property);
  });

  it('says what it waited for', async () => {
    expect((await endOf([3, 2.5, 2.5, 2.5], { patience: 2 }))!.reason).toBe(
      'validationLoss has not bettered 2.5 of epoch 2 in 2 epochs',
    );
    expect((await endOf([3, 2.9, 2.8], { patience: 2, minDelta: 0.5 }))!.reason).toBe(
      'validationLoss has not bettered 3 of epoch 1 by more than 0.5 in 2 epochs',
    );
  });

  it('ends a run, which ends again when resumed, goes on with more patience, and has its best weights', async () => {
    const store = memoryStore();
    const schedule = { name: 'constant', learningRate: 1 } as const;
    // So fast that the loss soon rises.
    const config = { epochs: 30, schedule, ema: { decay: 0.5 } };
    const model = tinyModel();
    const stopping = (patience: number) => earlyStopping({ metric: 'accuracy', patience });
    const options = { trainData, validationData, store };
    const first = await train({ ...options, model, config, callbacks: [stopping(2)] });
    expect(first).toMatchObject({ stopped: 'early', reason: expect.stringContaining('in 2 epochs') });
    expect(first.epoch).toBeLessThan(30);
    const again = await resume({ ...options, model: tinyModel(), callbacks: [stopping(2)] });
    expect(again).toMatchObject({
      stopped: 'early',
      reason: first.reason,
      step: first.step,
      history: first.history,
    });
    const more = await resume({ ...options, model: tinyModel(), callbacks: [stopping(4)] });
    expect(more.epoch).toBeGreaterThan(first.epoch);
  });

  it.each(['validationAccuracy', 'emaAccuracy'] as const)(
    'puts the best weights by %s into the model',
    async (metric) => {
      const store = memoryStore({ keepLast: 30 });
      const model = tinyModel();
      const restoreBest = { model, store };
      const callbacks = [earlyStopping({ metric, patience: 2, minDelta: 10, restoreBest })];
      const config = { epochs: 9, ema: { decay: 0.5 } };
      const result = await train({ model, trainData, validationData, config, store, callbacks });
      expect(result).toMatchObject({ stopped: 'early', epoch: 3 });
      const { weights, ema } = await store.load('step-0000003');
      expect(await weightBits(model)).toEqual(bits(metric === 'emaAccuracy' ? ema! : weights));
    },
  );

  it.each([
    [{ metric: 'top5' }, "earlyStopping: `metric` must be one of 'validationLoss'"],
    [{ patience: 0 }, 'earlyStopping: `patience` must be a whole number, at least 1, received 0'],
    [{ minDelta: -1 }, 'earlyStopping: `minDelta` must be a number, at least 0, received -1'],
    [{ patient: 1 }, 'earlyStopping: `patient` is not a known key; did you mean `patience`?'],
  ])('refuses %j', (options, message) => {
    expect(() => earlyStopping(options as EarlyStoppingOptions)).toThrow(message);
  });

  it('refuses a run that does not have the figure', async () => {
    const attempt = (metric: EarlyStoppingOptions['metric']) =>
      train({ model: tinyModel(), trainData, config: { epochs: 1 }, callbacks: [earlyStopping({ metric })] });
    await expect(attempt('validationLoss')).rejects.toThrow(
      "earlyStopping: `metric` 'validationLoss' needs `validationData`, received none",
    );
    await expect(attempt('emaLoss')).rejects.toThrow("earlyStopping: `metric` 'emaLoss' needs averages");
    await expect(attempt('loss')).resolves.toMatchObject({ stopped: 'completed' });
  });
});
