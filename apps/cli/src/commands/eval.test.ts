import { describe, expect, it } from 'vitest';
import { interruptAt, json, trainArgs, xcp } from '../testing/harness';

describe('xcp eval', () => {
  it('finds of the exported model what the run found', async () => {
    await xcp(trainArgs('a', '--set', 'evaluation.mirror=true'));
    const { test, validation } = json('a', 'result.json');
    const { code, out } = await xcp(['eval', 'a', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ run: 'a', split: 'test', weights: 'model', ...test });
    const held = await xcp(['eval', 'a', '--split', 'validation', '--json']);
    expect(JSON.parse(held.out).count).toBe(10);
    expect(validation.accuracy).toBeGreaterThanOrEqual(0);
  });

  it('takes the best checkpoint of a run that has not ended', async () => {
    await xcp(trainArgs('a', '--json'), interruptAt(7));
    const { code, out } = await xcp(['eval', 'a']);
    expect(code).toBe(0);
    expect(out).toContain('weights checkpoints/step-0000004');
  });

  it('says so where a run held nothing out for validation', async () => {
    await xcp(trainArgs('a', '--set', 'data.validationShare=0', '--set', 'epochs=1'));
    expect(json('a', 'result.json')).toMatchObject({ weights: { kind: 'last', step: 5 }, validation: null });
    const { code, err } = await xcp(['eval', 'a', '--split', 'validation']);
    expect(code).toBe(1);
    expect(err).toContain('the run held no images out for validation');
  });
});
