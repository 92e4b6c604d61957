import { backendStatus } from '@xcp/backend';
import { loadCifar10 } from '@xcp/cifar10/node';
import { expect, it } from 'vitest';

it('build-xception counts the parameters of the paper', async () => {
  const { fullParameters, logitsShape } = await import('./build-xception');
  expect(fullParameters).toBe(20_881_970);
  expect(logitsShape).toEqual([1, 10]);
});

const reason = await whyNotTrain();
if (reason) console.warn(`skipped: train-cifar10: ${reason}`);

it.skipIf(reason)(
  'train-cifar10 takes its steps and validates every image',
  { timeout: 300_000 },
  async () => {
    const { result, validation } = await import('./train-cifar10');
    expect(result.step).toBe(20);
    expect(validation.count).toBe(1000);
    // Twenty steps are enough to be better than guessing among ten classes.
    expect(validation.accuracy).toBeGreaterThan(0.12);
  },
);

async function whyNotTrain(): Promise<string | undefined> {
  const status = backendStatus();
  if (!status.available) return status.reason;
  return loadCifar10().then(
    () => undefined,
    (error: Error) => error.message,
  );
}
