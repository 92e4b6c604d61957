import { expect, it } from 'vitest';
import { createOutput } from '../terminal/output';
import { memoryIo } from '../testing/memory-io';
import { progressReporter } from './progress-reporter';

const control = { stop: () => {}, save: () => {} };

it('tells of a run that diverged, and of memory that ran out, to people and programs', () => {
  const { io, stdout, stderr } = memoryIo('/');
  const reporter = progressReporter(createOutput(io, true));
  const rollback = { step: 5, toStep: 3, toEpoch: 1, learningRateFactor: 0.5, reason: 'the loss was NaN' };
  reporter.onRollback!(rollback, control);
  const shortage = { step: 7, during: 'training' as const, microBatchSize: 32, reason: 'OOM' };
  reporter.onOutOfMemory!(shortage, control);
  expect(stderr.text()).toBe(
    'diverged: the loss was NaN; going on from step 3 with the learning rate × 0.5\n' +
      'out of memory in training: going on with 32 images at a time (OOM)\n',
  );
  expect(
    stdout
      .text()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { event: 'rollback', ...rollback },
    { event: 'outOfMemory', ...shortage },
  ]);
});
