import { expect, it } from 'vitest';
import { resolveConfig } from '../config/resolve';
import { describeScaling, learningRateScale } from './batch-scaling';

const config = (...sets: string[]) => resolveConfig({}, ['batchSize=1024', ...sets]);

it('scales nothing unless it is told to', () => {
  expect(learningRateScale(config())).toBeNull();
  expect(describeScaling(config())).toBeUndefined();
});

it('scales the learning rates with the batch, or with its root, and says so', () => {
  const linear = config('batchScaling={"batchSize":128,"warmupEpochs":5}');
  expect(learningRateScale(linear)).toEqual({ factor: 8, warmupEpochs: 5 });
  expect(describeScaling(linear)).toBe(
    '8 times the learning rate (linear: batches of 1,024, the schedule for 128), reached over 5 epochs',
  );
  const root = config('batchScaling={"batchSize":128,"rule":"sqrt"}');
  expect(learningRateScale(root)!.factor).toBeCloseTo(Math.sqrt(8), 12);
  expect(describeScaling(root)).toBe(
    '2.828 times the learning rate (sqrt: batches of 1,024, the schedule for 128)',
  );
});
