import * as tf from '@tensorflow/tfjs-core';
import { backendStatus } from '@xcp/backend';
import { allEngines, type Engine } from '@xcp/backend/engines';
import { memoryStore, modelWeights, resume, train } from '@xcp/trainer';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { interruptAt, json, outcome, services, trainArgs, xcp } from '../src/testing/harness';
import { expectSameStep, networkStep } from './network-step';
import { smallData, smallModel } from './small-run';

/** Where tfjs-node is installed with a library: `node scripts/tfjs-node-suite.mjs` makes such a folder. */
const folder = process.env.XCP_TFJS_NODE;
const why = folder ? '' : ' (skipped: XCP_TFJS_NODE names no folder with tfjs-node)';

/** What we look at of tfjs-node's backend. */
interface NodeBackend {
  executeMultipleOutputs(op: string, ...rest: unknown[]): tf.Tensor[];
}

describe.skipIf(!folder)(`TensorFlow's C library${why}`, () => {
  let engine: Engine;
  beforeAll(() => {
    engine = allEngines(folder).find(({ name }) => name === 'node')!;
  });
  const use = () => engine.activate();

  it('is found, tried and taken', async () => {
    const probe = await engine.probe();
    expect(probe).toMatchObject({
      available: true,
      detail: expect.stringMatching(/^TensorFlow \d\S* on the CPU$/),
    });
    await use();
    expect(tf.getBackend()).toBe('tensorflow');
  });

  it('gives a training step as the cpu backend does, its normalizations by the training op of TensorFlow', async () => {
    await tf.setBackend('cpu');
    const expected = networkStep();
    await use();
    const actual = networkStep((run) => {
      const execute = vi.spyOn(tf.backend() as unknown as NodeBackend, 'executeMultipleOutputs');
      run();
      const calls = (name: string) => execute.mock.calls.filter(([op]) => op === name).length;
      // One for each normalization, and its gradient.
      const normalizations = expected.moving.length / 2;
      expect(calls('FusedBatchNormV3')).toBe(normalizations);
      expect(calls('FusedBatchNormGradV3')).toBe(normalizations);
      execute.mockRestore();
    });
    expectSameStep(actual, expected);
  });

  describe('in training', () => {
    const config = { epochs: 4, optimizer: { name: 'adam' }, logEverySteps: 1 } as const;

    /** Losses of the steps, tensors after each, and the weights at the end. */
    async function course(sessions: readonly (number | null)[] = [null]) {
      const store = memoryStore();
      const [losses, tensors]: [number[], number[]] = [[], []];
      let trained = smallModel();
      for (const [session, maxSteps] of sessions.entries()) {
        trained.dispose();
        trained = smallModel();
        const callbacks = [
          {
            onLog({ loss }: { loss: number }) {
              losses.push(loss);
              tensors.push(tf.memory().numTensors);
            },
          },
        ];
        const options = { model: trained, trainData: smallData, store, callbacks };
        if (session === 0) await train({ ...options, config: { ...config, maxSteps } });
        else await resume({ ...options, config: { maxSteps } });
      }
      const weights = await modelWeights(trained);
      trained.dispose();
      const bits = Object.entries(weights).map(([name, { data }]) => [
        name,
        Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
      ]);
      return { losses, tensors, bits };
    }

    beforeEach(use);

    it('ends with the same bits after a resume, and holds no more tensors from step to step', async () => {
      const whole = await course();
      expect(whole.losses).toHaveLength(20);
      expect(new Set(whole.tensors.slice(1)).size).toBe(1);
      expect((await course([7, 11, null])).bits).toEqual(whole.bits);
    });

    it.skipIf(!backendStatus().available)('has the first 20 losses of xcp', async () => {
      const { losses } = await course();
      await tf.setBackend('xcp');
      const expected = (await course()).losses;
      losses.forEach((loss, i) => {
        expect(Math.abs(loss / expected[i]! - 1), `step ${i + 1}`).toBeLessThan(1e-3);
      });
    });
  });

  it('is what xcp train --engine node uses, and resumes with', async () => {
    const using = { ...services(), engines: allEngines(folder) };
    const { code, out, err } = await xcp(trainArgs('whole', '--engine', 'node'), {}, using);
    expect(code, err).toBe(0);
    expect(out).toMatch(/engine {2}node \(TensorFlow .* on the CPU\)/);
    await xcp(trainArgs('cut', '--engine', 'node', '--json'), interruptAt(4), using);
    expect(await xcp(['resume', 'cut'], {}, using)).toMatchObject({ code: 0 });
    expect(json('cut', 'config.json')).toMatchObject({
      engine: { name: 'node' },
      resumed: [{ engine: 'node' }],
    });
    expect(outcome('cut')).toEqual(outcome('whole'));
  });
});
