import type { StepEvent } from '@xcp/trainer';
import { expect, it } from 'vitest';
import { recentFigures } from './recent-figures';

const event = (step: number, epoch: number, loss: number, accuracy: number) =>
  ({ step, epoch, loss, accuracy }) as StepEvent;

it('gives the mean over the steps since the last reading', () => {
  const recent = recentFigures(10);
  expect(recent(event(1, 1, 4, 0.5))).toEqual({ loss: 4, accuracy: 0.5 });
  // Nothing was read at this step.
  expect(recent(event(2, 1, 4, 0.5))).toBeNull();
  // Losses of 4, 2 and 3, of which the last two are new.
  expect(recent(event(3, 1, 3, 0.75))).toEqual({ loss: 2.5, accuracy: 0.875 });
  // Another epoch begins its means anew; so does a run that was rolled back.
  expect(recent(event(12, 2, 1, 0.25))).toEqual({ loss: 1, accuracy: 0.25 });
  expect(recent(event(11, 2, 2, 0.5))).toEqual({ loss: 2, accuracy: 0.5 });
});
