import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { home, interruptAt, json, outcome, read, trainArgs, xcp } from '../testing/harness';

const stopping = (patience: number) => [
  '--set',
  // Nothing betters by so much: the first epoch stays the best.
  `earlyStopping={"metric":"loss","patience":${patience},"minDelta":100}`,
];
const eventFiles = (folder: string) =>
  readdirSync(join(home, folder)).filter((name) => name.includes('tfevents'));

describe('a run that is stopped early', () => {
  it('is finished, says why, and goes on with more patience', async () => {
    const { code, out } = await xcp(trainArgs('a', '--set', 'epochs=5', ...stopping(1)));
    expect(code).toBe(0);
    const { stopped, reason, epochs, test } = json('a', 'result.json');
    expect({ stopped, epochs }).toEqual({ stopped: 'early', epochs: 2 });
    expect(reason).toMatch(/^loss has not bettered .* of epoch 1 by more than 100 in 1 epochs$/);
    expect(out).toContain(`Stopped early: ${reason}.`);
    expect(out).toContain('train on  xcp resume a --set earlyStopping=null');
    expect(test.count).toBe(20);

    const again = await xcp(['resume', 'a']);
    expect(again).toMatchObject({ code: 0 });
    expect(again.out).toContain(`nothing is left to do. It was stopped early: ${reason}.`);
    expect(await xcp(['resume', 'a', '--set', 'earlyStopping.patience=2'])).toMatchObject({ code: 0 });
    expect(json('a', 'result.json')).toMatchObject({ stopped: 'early', epochs: 3 });

    await xcp(trainArgs('whole', '--set', 'epochs=5'));
    expect(await xcp(['resume', 'a', '--set', 'earlyStopping=null'])).toMatchObject({ code: 0 });
    expect(outcome('a')).toEqual(outcome('whole'));
    expect(json('a', 'result.json')).toMatchObject({ stopped: 'completed', reason: null, epochs: 5 });
  });

  it.each([
    ['metric=top5', 'config: `earlyStopping.metric` must be one of'],
    ['patience=0', 'config: `earlyStopping.patience` must be at least 1, received 0'],
    ['minDelta=-1', 'config: `earlyStopping.minDelta` must be at least 0, received -1'],
  ])('is refused with %s', async (set, message) => {
    const { code, err } = await xcp(trainArgs('a', '--set', `earlyStopping.${set}`));
    expect(code).toBe(1);
    expect(err).toContain(message);
  });

  it('is refused where it watches a validation that there is not', async () => {
    const sets = ['--set', 'earlyStopping={}', '--set', 'data.validationShare=0'];
    const { code, err } = await xcp(trainArgs('a', ...sets));
    expect(code).toBe(1);
    expect(err).toContain("earlyStopping: `metric` 'validationLoss' needs `validationData`");
    expect(existsSync(join(home, 'a'))).toBe(false);
  });

  it('is refused where it watches averages that are not kept', async () => {
    const { code, err } = await xcp(trainArgs('a', '--set', 'earlyStopping.metric=emaLoss'));
    expect(code).toBe(1);
    expect(err).toContain("earlyStopping: `metric` 'emaLoss' needs averages");
    expect(existsSync(join(home, 'a'))).toBe(false);
  });
});

describe('the diagnosis of a run', () => {
  it('is told at its end and kept in its result', async () => {
    // Without a rate the network stays where it was: it guesses.
    const still = ['--set', 'epochs=5', '--set', 'schedule={"name":"constant","learningRate":1e-12}'];
    const { out } = await xcp(trainArgs('a', ...still));
    const { diagnosis } = json('a', 'result.json');
    expect(diagnosis[0]).toMatchObject({ severity: expect.any(String), evidence: expect.any(String) });
    for (const { title, advice } of diagnosis)
      expect(out).toContain(`curves    ${title}\n          ${advice[0]}\n`);
    expect((await xcp(['resume', 'a'])).out).toContain(`curves    ${diagnosis[0].title}`);
  });

  it('is not told of a run too short for it', async () => {
    const { out } = await xcp(trainArgs('a', '--set', 'epochs=1'));
    expect(json('a', 'result.json').diagnosis).toMatchObject([{ kind: 'tooShort' }]);
    expect(out).not.toContain('curves');
  });
});

describe('the files that watch a run', () => {
  it('are CSV and events for TensorBoard as they are asked for, also after a resume', async () => {
    await xcp(trainArgs('plain'));
    expect(eventFiles('plain')).toHaveLength(1);
    expect(existsSync(join(home, 'plain', 'epochs.csv'))).toBe(false);
    const files = ['--set', 'logging.csv=true', '--set', 'logging.tensorBoard=false'];
    await xcp(trainArgs('a', '--json', ...files), interruptAt(7));
    await xcp(['resume', 'a']);
    expect(eventFiles('a')).toEqual([]);
    const lines = read('a', 'epochs.csv').toString().trimEnd().split('\n');
    expect(lines.map((line) => line.split(',')[0])).toEqual(['epoch', '1', '2', '3']);
  });

  it('begin anew where a run is resumed that was killed before its first checkpoint', async () => {
    await xcp(trainArgs('a', '--json', '--set', 'logging.csv=true'), interruptAt(2));
    rmSync(join(home, 'a', 'checkpoints'), { recursive: true });
    expect(await xcp(['resume', 'a'])).toMatchObject({ code: 0 });
    expect(eventFiles('a')).toHaveLength(1);
  });
});
