import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { memoryStore } from '../checkpoint/memory-store';
import { tinyModel, tinySource } from '../fixtures/tiny';
import { train } from '../train';
import { abortOnSignals, type EndingSignal, SignalAbort } from './abort-on-signals';

beforeAll(() => tf.setBackend('cpu'));

const listeners = () => (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((name) => process.listenerCount(name));

describe('abortOnSignals', () => {
  it.each<[EndingSignal, number]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('%s ends a run after its step, saved, and is listened to no more', async (name, exitCode) => {
    const before = listeners();
    const { signal, dispose } = abortOnSignals([name]);
    expect(listeners()).not.toEqual(before);
    const store = memoryStore();
    const onStep = ({ step }: { step: number }) => {
      if (step === 2) process.emit(name);
    };
    const options = { model: tinyModel(), trainData: tinySource(), store, signal, callbacks: [{ onStep }] };
    const result = await train({ ...options, config: { epochs: 2 } }).finally(dispose);
    expect(result).toMatchObject({ stopped: 'aborted', step: 2, checkpoint: 'step-0000002' });
    expect(signal.reason).toBeInstanceOf(SignalAbort);
    expect(signal.reason).toMatchObject({ name: 'AbortError', signal: name, exitCode });
    expect(listeners()).toEqual(before);
  });

  it('stops listening when told, without a signal', () => {
    const before = listeners();
    const { signal, dispose } = abortOnSignals();
    dispose();
    expect(listeners()).toEqual(before);
    expect(signal.aborted).toBe(false);
  });
});
