import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { home, json, jsonLines, read, trainArgs, withTrainedRun, xcp } from '../testing/harness';

it('a run whose test images are left alone is judged by validation, and says so everywhere', async () => {
  await withTrainedRun();
  const { code, out } = await xcp(trainArgs('blind', '--set', 'evaluation.test=false'));
  expect(code).toBe(0);
  expect(out).toContain('test      left alone (evaluation.test is false); xcp eval blind tells the accuracy');
  expect(out).not.toContain('test accuracy');

  const [blind, tested] = [json('blind', 'result.json'), json('run', 'result.json')];
  expect(blind.test).toBeNull();
  expect(blind.validation).toEqual(tested.validation);
  expect(read('blind', 'model', 'weights.bin').equals(read('run', 'model', 'weights.bin'))).toBe(true);
  expect(existsSync(join(home, 'blind', 'mistakes.json'))).toBe(false);
  const report = read('blind', 'report.html').toString();
  expect(report).toContain('left alone (evaluation.test is false)');
  expect(report).not.toContain('Confusion');

  const { metric, runs } = jsonLines((await xcp(['compare', 'run', 'blind', '--json'])).out)[0];
  expect(metric).toBe('validation');
  expect(runs.map(({ test }: { test: number | null }) => test)).toEqual([tested.test.accuracy, null]);

  const later = jsonLines((await xcp(['eval', 'blind', '--json'])).out)[0];
  expect(later.accuracy).toBe(tested.test.accuracy);
  expect((await xcp(['resume', 'blind'])).out).toContain('test      left alone');
});
