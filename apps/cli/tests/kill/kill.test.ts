import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeRecords } from '@xcp/cifar10';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tinyCifar10 } from '../../src/testing/tiny-cifar10';
// @ts-expect-error: a program without types, which `pnpm kill-test` runs too.
import { compare, killRuns } from './kill-runs.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xcp-kill-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The network and recipe of the quickstart, narrowed: 32 steps with a checkpoint after every second. */
const train = [
  'model.stem.filters=[4,8]',
  'model.entryFilters=[8]',
  'model.middleBlocks=1',
  'model.exitFilters=[8,16]',
  'model.finalFilters=[16]',
  'model.dropout=0.2',
  'data.size=16',
  'data.validationShare=0.2',
  'batchSize=10',
  'epochs=8',
  'ema={"decay":0.9}',
  'checkpoints.everySteps=2',
  'logging.everySteps=1',
].flatMap((setting) => ['--set', setting]);

/** The files of a run, but for TensorBoard's, of which every session writes one. */
const filesOf = (run: string) =>
  readdirSync(join(folder, run))
    .filter((name) => !name.startsWith('events.'))
    .sort();

// The processes run the built packages; `npm test` builds them first.
const built = existsSync(new URL('../../dist/index.js', import.meta.url));

describe.skipIf(!built)('a run that is killed', () => {
  it('at random instants, within saves too, ends with the bits of one that never was', async () => {
    const [trainFile, testFile] = [join(folder, 'train.bin'), join(folder, 'test.bin')];
    writeFileSync(trainFile, encodeRecords(tinyCifar10.train));
    writeFileSync(testFile, encodeRecords(tinyCifar10.test));
    const before = ['--records', trainFile, testFile];
    const result = await killRuns({ folder, before, train, kills: 6, seed: 5 });
    expect(result.differences).toEqual([]);
    // A process that is slow to die may get to the end.
    expect(result.kills).toBeGreaterThanOrEqual(4);
    expect(result.sessions).toBe(result.kills + 1);
    expect(result.whileSaving).toBeGreaterThan(0);
    expect(filesOf('killed')).toEqual(filesOf('whole'));
    // The comparison sees a difference where there is one.
    writeFileSync(join(folder, 'killed', 'model', 'weights.bin'), 'other');
    expect(compare(join(folder, 'whole'), join(folder, 'killed'))).toEqual(['model/weights.bin']);
  });
});
