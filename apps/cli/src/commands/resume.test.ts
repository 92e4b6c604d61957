import { existsSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../run';
import type { Services } from '../services';
import {
  home,
  interruptAt,
  json,
  jsonLines,
  outcome,
  read,
  services,
  trainArgs,
  xcp,
} from '../testing/harness';
import { memoryIo } from '../testing/memory-io';
import { tinyCifar10 } from '../testing/tiny-cifar10';

describe('Ctrl-C and xcp resume', () => {
  it.each([2, 4, 7])('stopped at step %i and resumed, a run ends with the same bits', async (step) => {
    await xcp(trainArgs('whole'));
    const stopped = await xcp(trainArgs('cut', '--json'), interruptAt(step));
    expect(stopped.code).toBe(130);
    expect(jsonLines(stopped.out).at(-1)).toMatchObject({ event: 'stopped', run: 'cut', step });
    expect(stopped.err).toContain('xcp resume cut');
    expect(existsSync(join(home, 'cut', 'result.json'))).toBe(false);

    const resumed = await xcp(['resume', 'cut', '--json']);
    expect(resumed.code).toBe(0);
    expect(jsonLines(resumed.out)[0]).toMatchObject({ event: 'resume', step });
    expect(outcome('cut')).toEqual(outcome('whole'));
    expect(json('cut', 'config.json').resumed).toMatchObject([
      { command: 'xcp resume cut --json', engine: 'xcp-wasm' },
    ]);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends a run as Ctrl-C does, with exit code %i', async (signal, code) => {
    const stopped = await xcp(trainArgs('cut', '--json'), interruptAt(2, signal));
    expect(stopped.code).toBe(code);
    expect(jsonLines(stopped.out).at(-1)).toMatchObject({ event: 'stopped', checkpoint: 'step-0000002' });
  });

  it('a run with averages ends with the same bits too, and its checkpoints are judged by the better', async () => {
    const ema = ['--set', 'ema={"decay":0.8,"everySteps":3}'];
    await xcp(trainArgs('whole', ...ema));
    await xcp(trainArgs('cut', ...ema, '--json'), interruptAt(7));
    const [best] = jsonLines(read('cut', 'metrics.jsonl').toString()).filter(({ kind }) => kind === 'epoch');
    const { out } = await xcp(['eval', 'cut', '--split', 'validation', '--json']);
    const { weights, loss } = JSON.parse(out);
    expect(loss).toBe((weights.endsWith(', averaged') ? best.ema : best.validation).loss);
    expect(await xcp(['resume', 'cut'])).toMatchObject({ code: 0 });
    expect(outcome('cut')).toEqual(outcome('whole'));
    expect(await xcp(['resume', 'cut', '--set', 'ema=null', '--set', 'epochs=4'])).toMatchObject({
      code: 1,
      err: /resume: `ema` must stay/,
    });
  });

  it('pressed twice ends the process at once', async () => {
    const { exits } = await xcp(trainArgs('a', '--json'), {
      onText: (text, interrupt) => {
        if (!text.includes('"event":"log","step":2,')) return;
        interrupt();
        interrupt();
      },
    });
    expect(exits).toEqual([130]);
  });

  it('pressed while the data comes in begins no run', async () => {
    const world = memoryIo(home);
    const waiting: Services = {
      ...services(),
      loadCifar10: async ({ signal } = {}) => {
        world.interrupt();
        signal?.throwIfAborted();
        return tinyCifar10;
      },
    };
    expect(await run(trainArgs('a'), world.io, waiting)).toBe(130);
    expect(world.stderr.text()).toBe('Stopped. No run was begun.\n');
    expect(readdirSync(home)).toEqual([]);
  });

  it('a run killed before its first checkpoint begins anew', async () => {
    await xcp(trainArgs('whole'));
    await xcp(trainArgs('killed', '--json'), interruptAt(2));
    rmSync(join(home, 'killed', 'checkpoints'), { recursive: true });
    const { code, out } = await xcp(['resume', 'killed']);
    expect(code).toBe(0);
    expect(out).toContain('the first step');
    expect(outcome('killed')).toEqual(outcome('whole'));
  });

  it('passes over a damaged checkpoint, and gives up where every one is', async () => {
    await xcp(trainArgs('whole'));
    await xcp(trainArgs('cut', '--json'), interruptAt(7));
    const damage = (name: string) =>
      truncateSync(join(home, 'cut', 'checkpoints', name, 'weights.safetensors'), 10);
    damage('step-0000007');
    const { out } = await xcp(['resume', 'cut']);
    expect(out).toMatch(/passed over step-0000007: .*\n.*from {4}step-0000004/);
    expect(outcome('cut')).toEqual(outcome('whole'));

    await xcp(trainArgs('lost', '--json'), interruptAt(2));
    truncateSync(join(home, 'lost', 'checkpoints', 'step-0000002', 'weights.safetensors'), 10);
    expect(await xcp(['resume', 'lost'])).toMatchObject({ code: 1, err: /every one is damaged/ });
  });

  it('a finished run says so', async () => {
    await xcp(trainArgs('a'));
    const before = outcome('a');
    const { code, out } = await xcp(['resume', 'a']);
    expect(code).toBe(0);
    expect(out).toContain('This run is finished');
    expect(out).toContain('xcp resume a --set epochs=6');
    expect(outcome('a')).toEqual(before);
  });

  it('a finished run goes on where its schedule allows, to the bits of a run of that length', async () => {
    await xcp(trainArgs('long', '--set', 'epochs=4'));
    await xcp(trainArgs('short'));
    expect(await xcp(['resume', 'short', '--set', 'epochs=4'])).toMatchObject({ code: 0 });
    expect(outcome('short')).toEqual(outcome('long'));
    expect(json('short', 'config.json').config.epochs).toBe(4);
  });

  it('a run goes on with checkpoints at other times, to the same bits', async () => {
    await xcp(trainArgs('whole'));
    await xcp(trainArgs('cut', '--json'), interruptAt(2));
    const more = ['checkpoints.everySteps=3', 'checkpoints.everyEpochs=null', 'checkpoints.keepLast=9'];
    const { code, out } = await xcp(['resume', 'cut', '--json', ...more.flatMap((set) => ['--set', set])]);
    expect(code).toBe(0);
    const steps = jsonLines(out).flatMap(({ event, step }) => (event === 'checkpoint' ? [step] : []));
    expect(steps).toEqual(expect.arrayContaining([3, 6, 9, 12]));
    expect(outcome('cut')).toEqual(outcome('whole'));
  });

  it('a run cut by maxSteps goes on without it', async () => {
    await xcp(trainArgs('whole'));
    const { out } = await xcp(trainArgs('cut', '--set', 'maxSteps=5'));
    expect(out).toContain('xcp resume cut --set maxSteps=null');
    expect(await xcp(['resume', 'cut', '--set', 'maxSteps=null'])).toMatchObject({ code: 0 });
    const strip = ({ metrics, ...rest }: ReturnType<typeof outcome>) => ({
      ...rest,
      metrics: metrics.filter((row) => row.complete !== false),
    });
    expect(strip(outcome('cut'))).toEqual(strip(outcome('whole')));
  });

  it.each([
    [['batchSize=5'], 'resume: `batchSize` must stay 10, received 5'],
    [['epochs=1'], 'resume: `epochs` must be at least the 2 that are begun, received 1'],
    [['maxSteps=3'], 'resume: `maxSteps` must be at least the 7 that are done, received 3'],
    [['epoch=9'], 'did you mean `epochs`?'],
  ])('--set %s is refused', async (sets, message) => {
    await xcp(trainArgs('a', '--json'), interruptAt(7));
    const before = read('a', 'config.json').toString();
    const { code, err } = await xcp(['resume', 'a', ...sets.flatMap((set) => ['--set', set])]);
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(read('a', 'config.json').toString()).toBe(before);
  });

  it('a one-cycle run is not made longer', async () => {
    const { out } = await xcp([...trainArgs('a'), '--set', 'schedule.name=oneCycle', '--set', 'maxSteps=1']);
    expect(out).toContain('xcp resume a --set maxSteps=null');
    const { code, err } = await xcp(['resume', 'a', '--set', 'epochs=9']);
    expect(code).toBe(1);
    expect(err).toContain('`schedule` is drawn over the whole run');
  });

  it('a run that is under way is left alone', async () => {
    let second: Promise<Awaited<ReturnType<typeof xcp>>> | undefined;
    const first = await xcp(trainArgs('a', '--json'), {
      onText: (text) => {
        if (text.includes('"event":"checkpoint"')) second ??= xcp(['resume', 'a', '--set', 'epochs=5']);
      },
    });
    expect(first.code).toBe(0);
    const { code, out, err } = await second!;
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(
      /^fileStore: `directory` must be written to by one process at a time, received .*\n$/,
    );
    expect(err).toContain(`process ${process.pid} on `);
    expect(json('a', 'config.json')).toMatchObject({ config: { epochs: 3 }, resumed: [] });
  });

  it('there is nothing to resume in a folder without a run', async () => {
    const { code, err } = await xcp(['resume', 'nowhere']);
    expect(code).toBe(1);
    expect(err).toContain('run: must be a folder made by `xcp train`');
  });
});
