import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { home, interruptAt, json, jsonLines, outcome, read, trainArgs, xcp } from '../testing/harness';

const still = ['--set', 'schedule={"name":"constant","learningRate":1e-30}', '--set', 'maxSteps=1'];

describe('xcp train --init', () => {
  it('begins with the best weights of a run, says so and remembers where they come from', async () => {
    await xcp(trainArgs('first'));
    const { code, out } = await xcp(trainArgs('second', '--init', 'first', '--json', ...still));
    expect(code).toBe(0);
    const { step } = json('first', 'result.json').weights;
    const name = `step-${String(step).padStart(7, '0')}`;
    const manifest = json('first', 'checkpoints', name, 'manifest.json');
    expect(json('second', 'config.json').init).toEqual({
      path: join(home, 'first', 'checkpoints', name),
      sha256: manifest.files['weights.safetensors'].sha256,
      head: 'keep',
      schedule: 'fresh',
    });
    const told = jsonLines(out).find(({ event }) => event === 'init');
    expect(told).toMatchObject({ fresh: [], left: [], optimizer: false });
    expect(told.loaded).toContain('predictions/kernel');
    // One step at a rate of nothing leaves the weights as they were.
    const kernel = async (run: string, step: number) => {
      const { readInit } = await import('@xcp/trainer/node');
      const folder = join(home, run, 'checkpoints', `step-${String(step).padStart(7, '0')}`);
      return [...(await readInit(folder)).weights['predictions/kernel']!.data];
    };
    expect(await kernel('second', 1)).toEqual(await kernel('first', step));
  });

  it('draws the head anew, and continues the schedule, where it is told to', async () => {
    const linear = ['--set', 'schedule={"name":"linear","learningRate":1}'];
    await xcp(trainArgs('first', ...linear, '--set', 'maxSteps=4'));
    const more = ['--init', 'first', '--init-head', 'fresh', '--init-schedule', 'continue', '--json'];
    const { code, out } = await xcp(trainArgs('second', ...linear, ...more));
    expect(code).toBe(0);
    const events = jsonLines(out);
    expect(events.find(({ event }) => event === 'init').fresh).toEqual(
      expect.arrayContaining(['predictions/kernel']),
    );
    // 4 of the 4 + 12 steps are done.
    expect(events.find(({ event }) => event === 'log').learningRate).toBe(0.75);
    expect(json('second', 'config.json').init).toMatchObject({ head: 'fresh', schedule: 'continue' });
  });

  it('begins with them again where the run was killed before its first checkpoint', async () => {
    await xcp(trainArgs('first'));
    await xcp(trainArgs('whole', '--init', 'first'));
    await xcp(trainArgs('killed', '--init', 'first', '--json'), interruptAt(2));
    rmSync(join(home, 'killed', 'checkpoints'), { recursive: true });
    expect(await xcp(['resume', 'killed'])).toMatchObject({ code: 0 });
    expect(outcome('killed')).toEqual(outcome('whole'));

    await xcp(trainArgs('lost', '--init', 'first', '--json'), interruptAt(2));
    rmSync(join(home, 'lost', 'checkpoints'), { recursive: true });
    const { path } = json('lost', 'config.json').init;
    writeFileSync(
      join(home, 'lost', 'config.json'),
      read('lost', 'config.json')
        .toString()
        .replace(/"sha256": "./, '"sha256": "x'),
    );
    const { code, err } = await xcp(['resume', 'lost']);
    expect(code).toBe(1);
    expect(err).toContain(`resume: "${path}", which the run began with, must have SHA-256 x`);
  });

  it.each([
    [['--init', 'nowhere'], '--init: must be a run, its checkpoints'],
    [['--init-head', 'fresh'], '`--init-head` and `--init-schedule` need `--init`'],
    [['--init', 'x', '--init-head', 'new'], "argument 'new' is invalid"],
  ])('%s is refused before anything is started', async (args, message) => {
    const { code, err } = await xcp(trainArgs('a', ...args));
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(existsSync(join(home, 'a'))).toBe(false);
  });

  it('of another network is refused, naming the layers', async () => {
    await xcp(trainArgs('first', '--set', 'maxSteps=1'));
    const { code, err } = await xcp(trainArgs('a', '--init', 'first', '--set', 'model.entryFilters=[12]'));
    expect(code).toBe(1);
    expect(err).toMatch(
      /must have the shapes of the model: '[a-z0-9_]+\/[a-z_]+' float32 .*, … \(\d+ in all\); build/,
    );
  });
});
