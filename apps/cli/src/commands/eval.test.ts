import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { home, interruptAt, json, trainArgs, xcp } from '../testing/harness';

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

  it('averages over views as the configuration says', async () => {
    const losses = [];
    for (const set of ['evaluation.shift=0', 'evaluation.shift=2', 'evaluation.mirror=true']) {
      await xcp(trainArgs(set, '--set', set, '--set', 'epochs=1'));
      losses.push(json(set, 'result.json').test.loss);
      const { out } = await xcp(['eval', set, '--json']);
      expect(JSON.parse(out).loss).toBe(losses.at(-1));
    }
    expect(new Set(losses).size).toBe(3);
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

  it('leaves out the test images that lists of near-duplicates name', async () => {
    await xcp(trainArgs('a', '--set', 'epochs=1'));
    const head = 'TestID,TrainID,Distance,Judgment\n';
    writeFileSync(join(home, 'one.csv'), `${head}3,7,0.1,1\n4,7,0.1,1\n`);
    writeFileSync(join(home, 'two.csv'), `${head}4,9,0.1,0\n13,8,0.1,2\n`);
    const lists = ['--without', 'one.csv', '--without', 'two.csv'];
    const { code, out } = await xcp(['eval', 'a', '--json', ...lists]);
    expect(code).toBe(0);
    const { count, leftOut, perClass } = JSON.parse(out);
    expect([count, leftOut]).toEqual([17, 3]);
    expect(perClass.map(({ total }: { total: number }) => total)).toEqual([2, 2, 2, 0, 1, 2, 2, 2, 2, 2]);
    expect((await xcp(['eval', 'a', ...lists])).out).toContain('left out 3 test images');
    const refused = await xcp(['eval', 'a', '--split', 'validation', ...lists]);
    expect(refused).toMatchObject({ code: 1, err: /`--without` is for the test images/ });
    writeFileSync(join(home, 'page.csv'), '<html>');
    expect((await xcp(['eval', 'a', '--without', 'page.csv'])).err).toContain('must name a column `TestID`');
  });
});
