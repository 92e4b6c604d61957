import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cpuEngine } from './engines/cpu-engine';
import { run } from './run';
import type { Services } from './services';
import { memoryIo } from './testing/memory-io';
import { tinyCifar10, tinySettings } from './testing/tiny-cifar10';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'xcp-run-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const services = (): Services => ({ loadCifar10: async () => tinyCifar10, engines: [cpuEngine] });

/** Runs `xcp` in the test's folder and gives its exit code and what it printed. */
async function xcp(args: string[], options: Parameters<typeof memoryIo>[1] = {}, using = services()) {
  const world = memoryIo(home, options);
  const code = await run(args, world.io, using);
  expect(world.listeners.size).toBe(0);
  return { code, out: world.stdout.text(), err: world.stderr.text(), exits: world.exits };
}

const constant = ['--preset', 'reference-32-adam', ...tinySettings, '--set', 'epochs=3'];
const train = (out: string, ...more: string[]) => ['train', ...constant, '--out', out, ...more];

const read = (...path: string[]) => readFileSync(join(home, ...path));
const json = (...path: string[]) => JSON.parse(read(...path).toString());
const jsonLines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** What a run computed, without the times it took. */
function outcome(folder: string) {
  const metrics = jsonLines(read(folder, 'metrics.jsonl').toString());
  const timeless = metrics.map(({ imagesPerSecond: _, seconds: __, ...figures }) => figures);
  const { test, weights, validation, steps, epochs } = json(folder, 'result.json');
  const bytes = read(folder, 'model', 'weights.bin').toString('base64');
  return { metrics: timeless, test, weights, validation, steps, epochs, bytes };
}

/** Presses Ctrl-C when the run has said that it has done a step. */
const interruptAt = (step: number) => ({
  onText: (text: string, interrupt: () => void) => {
    if (text.includes(`"event":"log","step":${step},`)) interrupt();
  },
});

describe('xcp train', () => {
  it('leaves a run with its configuration, metrics, model and result', async () => {
    await cpuEngine.activate();
    const tensors = tf.memory().numTensors;
    const { code, out } = await xcp(train('a'));
    expect(code).toBe(0);
    expect(readdirSync(join(home, 'a')).sort()).toEqual([
      'checkpoints',
      'config.json',
      'metrics.jsonl',
      'model',
      'result.json',
    ]);
    const record = json('a', 'config.json');
    expect(record).toMatchObject({
      preset: 'reference-32-adam',
      engine: { name: 'cpu', detail: 'plain JavaScript', passedOver: [] },
      config: { epochs: 3, batchSize: 10, optimizer: { name: 'adam' }, data: { size: 8 } },
      gitCommit: null,
      resumed: [],
    });
    expect(record.command).toMatch(/^xcp train --preset reference-32-adam .*--out a$/);
    const result = json('a', 'result.json');
    expect(result).toMatchObject({
      stopped: 'completed',
      steps: 12,
      epochs: 3,
      test: { count: 20, mirror: false },
    });
    expect(result.test.perClass).toHaveLength(10);
    expect(result.test.perClass.map((entry: { name: string }) => entry.name)).toEqual(tinyCifar10.classNames);
    expect(result.test.perClass.every((entry: { total: number }) => entry.total === 2)).toBe(true);

    expect(out).toContain('engine  cpu (plain JavaScript)');
    expect(out).toContain('very slow');
    expect(out).toContain('40 training, 10 validation, 20 test');
    expect(out).toMatch(/epoch 2\/3 {2}step 8\/12 {2}loss/);
    expect(out).toMatch(/^ +3\/3 /m);
    expect(out).toMatch(/test accuracy \d+\.\d\d %/);
    expect(out).toContain('xcp resume a --set epochs=6');
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('with --json prints nothing but JSON on stdout', async () => {
    const { code, out, err } = await xcp(train('a', '--json'));
    expect(code).toBe(0);
    const events = jsonLines(out);
    expect(events.map(({ event }) => event).filter((event, at, all) => event !== all[at - 1])).toEqual([
      'start',
      ...['log', 'epoch', 'checkpoint', 'log', 'epoch', 'checkpoint', 'log', 'epoch', 'checkpoint'],
      'result',
    ]);
    expect(events.filter(({ event }) => event === 'log').map(({ step }) => step)).toEqual(
      Array.from({ length: 12 }, (_, index) => index + 1),
    );
    expect(events.at(-1)).toMatchObject({ event: 'result', run: 'a', steps: 12 });
    expect(err).toContain('test accuracy');
  });

  it('names its folder after preset and time where --out does not', async () => {
    await xcp(['train', ...constant, '--set', 'maxSteps=1']);
    expect(readdirSync(join(home, 'runs'))).toEqual(['reference-32-adam-20261124-090000']);
  });

  it('is the same run for the same seed, and another for another', async () => {
    for (const [out, seed] of [
      ['a', 1],
      ['b', 1],
      ['c', 2],
    ] as const) {
      await xcp(train(out, '--set', `seed=${seed}`, '--set', 'maxSteps=2'));
    }
    expect(outcome('b')).toEqual(outcome('a'));
    expect(outcome('c').bytes).not.toBe(outcome('a').bytes);
  });

  it('shows a bar and no more than 60 columns on a terminal of 60', async () => {
    const { out } = await xcp(train('a', '--set', 'maxSteps=3'), { isTTY: true });
    expect(out).toMatch(/\[=* *\] epoch 1\/3/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the control sequences of terminals.
    const lines = out.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, '\r').split(/[\r\n]/);
    const bars = lines.filter((line) => line.startsWith('['));
    expect(bars.length).toBeGreaterThan(0);
    for (const bar of bars) expect(bar.length).toBeLessThanOrEqual(60);
  });
});

describe('what is wrong', () => {
  const unused = () => ({
    loadCifar10: vi.fn(async () => tinyCifar10),
    engines: [{ ...cpuEngine, probe: vi.fn(cpuEngine.probe) }],
  });

  it.each([
    [['--set', 'batchSize=0'], 'config: `batchSize` must be at least 1, received 0'],
    [['--set', 'epoch=1'], 'config: `epoch` is not a known key; did you mean `epochs`?'],
    [['--preset', 'quikstart'], 'did you mean "quickstart"?'],
    [
      ['--preset', 'reference-299', '--set', 'data.size=4'],
      'xception: `inputShape` must be at least 7 × 7 pixels',
    ],
    [
      ['--set', 'schedule={"name":"oneCycle","maxLearningRate":0.05}'],
      'schedule: `initialLearningRate` must be',
    ],
    [['--engine', 'gpu'], "argument 'gpu' is invalid"],
    [['--sett', 'x=1'], '(Did you mean --set?)'],
  ])('%s ends before anything is started', async (args, message) => {
    const using = unused();
    const { code, err, out } = await xcp(['train', ...args], {}, using);
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(err).not.toMatch(/^ {4}at /m);
    expect(out).toBe('');
    expect(using.loadCifar10).not.toHaveBeenCalled();
    expect(using.engines[0]!.probe).not.toHaveBeenCalled();
    expect(readdirSync(home)).toEqual([]);
  });

  it('about the folder ends before anything is started', async () => {
    writeFileSync(join(home, 'file'), '');
    const using = unused();
    const { code, err } = await xcp(train('file/run'), {}, using);
    expect(code).toBe(1);
    expect(err).toContain('--out: must lie in a folder, but');
    expect(using.loadCifar10).not.toHaveBeenCalled();
  });

  it('about the data or the engine leaves no folder', async () => {
    const noData: Services = {
      ...services(),
      loadCifar10: async () => {
        throw new Error('loadCifar10: no source can bring the data');
      },
    };
    expect(await xcp(train('a'), {}, noData)).toMatchObject({
      code: 1,
      err: 'loadCifar10: no source can bring the data\n',
    });
    expect(await xcp(train('a', '--engine', 'cuda'))).toMatchObject({ code: 1 });
    expect(readdirSync(home)).toEqual([]);
  });

  it('is told as JSON too with --json, and with its stack with --verbose', async () => {
    const { code, out, err } = await xcp(['train', '--set', 'batchSize=0', '--json', '--verbose']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      event: 'error',
      message: 'config: `batchSize` must be at least 1, received 0',
    });
    expect(err).toMatch(/^ {4}at /m);
  });

  it('is a folder that holds a run already', async () => {
    await xcp(train('a', '--set', 'maxSteps=1'));
    const before = read('a', 'config.json').toString();
    const { code, err } = await xcp(train('a'));
    expect(code).toBe(1);
    expect(err).toContain('holds a run already; continue it with `xcp resume');
    expect(read('a', 'config.json').toString()).toBe(before);
  });
});

describe('Ctrl-C and xcp resume', () => {
  it.each([2, 4, 7])('stopped at step %i and resumed, a run ends with the same bits', async (step) => {
    await xcp(train('whole'));
    const stopped = await xcp(train('cut', '--json'), interruptAt(step));
    expect(stopped.code).toBe(130);
    expect(jsonLines(stopped.out).at(-1)).toMatchObject({ event: 'stopped', run: 'cut', step });
    expect(stopped.err).toContain('xcp resume cut');
    expect(existsSync(join(home, 'cut', 'result.json'))).toBe(false);

    const resumed = await xcp(['resume', 'cut', '--json']);
    expect(resumed.code).toBe(0);
    expect(jsonLines(resumed.out)[0]).toMatchObject({ event: 'resume', step });
    expect(outcome('cut')).toEqual(outcome('whole'));
    expect(json('cut', 'config.json').resumed).toMatchObject([
      { command: 'xcp resume cut --json', engine: 'cpu' },
    ]);
  });

  it('pressed twice ends the process at once', async () => {
    const { exits } = await xcp(train('a', '--json'), {
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
    expect(await run(train('a'), world.io, waiting)).toBe(130);
    expect(world.stderr.text()).toBe('Stopped. No run was begun.\n');
    expect(readdirSync(home)).toEqual([]);
  });

  it('a run killed before its first checkpoint begins anew', async () => {
    await xcp(train('whole'));
    await xcp(train('killed', '--json'), interruptAt(2));
    rmSync(join(home, 'killed', 'checkpoints'), { recursive: true });
    const { code, out } = await xcp(['resume', 'killed']);
    expect(code).toBe(0);
    expect(out).toContain('the first step');
    expect(outcome('killed')).toEqual(outcome('whole'));
  });

  it('passes over a damaged checkpoint, and gives up where every one is', async () => {
    await xcp(train('whole'));
    await xcp(train('cut', '--json'), interruptAt(7));
    const damage = (name: string) =>
      truncateSync(join(home, 'cut', 'checkpoints', name, 'weights.safetensors'), 10);
    damage('step-0000007');
    const { out } = await xcp(['resume', 'cut']);
    expect(out).toMatch(/passed over step-0000007: .*\n.*from {4}step-0000004/);
    expect(outcome('cut')).toEqual(outcome('whole'));

    await xcp(train('lost', '--json'), interruptAt(2));
    truncateSync(join(home, 'lost', 'checkpoints', 'step-0000002', 'weights.safetensors'), 10);
    expect(await xcp(['resume', 'lost'])).toMatchObject({ code: 1, err: /every one is damaged/ });
  });

  it('a finished run says so', async () => {
    await xcp(train('a'));
    const before = outcome('a');
    const { code, out } = await xcp(['resume', 'a']);
    expect(code).toBe(0);
    expect(out).toContain('This run is finished');
    expect(out).toContain('xcp resume a --set epochs=6');
    expect(outcome('a')).toEqual(before);
  });

  it('a finished run goes on where its schedule allows, to the bits of a run of that length', async () => {
    await xcp(train('long', '--set', 'epochs=4'));
    await xcp(train('short'));
    expect(await xcp(['resume', 'short', '--set', 'epochs=4'])).toMatchObject({ code: 0 });
    expect(outcome('short')).toEqual(outcome('long'));
    expect(json('short', 'config.json').config.epochs).toBe(4);
  });

  it('a run cut by maxSteps goes on without it', async () => {
    await xcp(train('whole'));
    const { out } = await xcp(train('cut', '--set', 'maxSteps=5'));
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
    await xcp(train('a', '--json'), interruptAt(7));
    const before = read('a', 'config.json').toString();
    const { code, err } = await xcp(['resume', 'a', ...sets.flatMap((set) => ['--set', set])]);
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(read('a', 'config.json').toString()).toBe(before);
  });

  it('a one-cycle run is not made longer', async () => {
    const { out } = await xcp([...train('a'), '--set', 'schedule.name=oneCycle', '--set', 'maxSteps=1']);
    expect(out).toContain('xcp resume a --set maxSteps=null');
    const { code, err } = await xcp(['resume', 'a', '--set', 'epochs=9']);
    expect(code).toBe(1);
    expect(err).toContain('a one-cycle schedule is drawn over the whole run');
  });

  it('there is nothing to resume in a folder without a run', async () => {
    const { code, err } = await xcp(['resume', 'nowhere']);
    expect(code).toBe(1);
    expect(err).toContain('run: must be a folder made by `xcp train`');
  });
});

describe('xcp eval', () => {
  it('finds of the exported model what the run found', async () => {
    await xcp(train('a', '--set', 'evaluation.mirror=true'));
    const { test, validation } = json('a', 'result.json');
    const { code, out } = await xcp(['eval', 'a', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ run: 'a', split: 'test', weights: 'model', ...test });
    const held = await xcp(['eval', 'a', '--split', 'validation', '--json']);
    expect(JSON.parse(held.out).count).toBe(10);
    expect(validation.accuracy).toBeGreaterThanOrEqual(0);
  });

  it('takes the best checkpoint of a run that has not ended', async () => {
    await xcp(train('a', '--json'), interruptAt(7));
    const { code, out } = await xcp(['eval', 'a']);
    expect(code).toBe(0);
    expect(out).toContain('weights checkpoints/step-0000004');
  });

  it('says so where a run held nothing out for validation', async () => {
    await xcp(train('a', '--set', 'data.validationShare=0', '--set', 'epochs=1'));
    expect(json('a', 'result.json')).toMatchObject({ weights: { kind: 'last', step: 5 }, validation: null });
    const { code, err } = await xcp(['eval', 'a', '--split', 'validation']);
    expect(code).toBe(1);
    expect(err).toContain('the run held no images out for validation');
  });
});

describe('xcp presets', () => {
  it('lists them, within 60 columns', async () => {
    const { code, out } = await xcp(['presets']);
    expect(code).toBe(0);
    expect(out).toContain('reference-128-long');
    for (const line of out.split('\n').slice(0, -2)) expect(line.length).toBeLessThanOrEqual(60);
  });

  it('shows one in full, as JSON alone with --json', async () => {
    const { out } = await xcp(['presets', 'reference-299', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      name: 'reference-299',
      config: { data: { size: 299 }, batchSize: 8 },
    });
  });

  it('names the nearest of an unknown one', async () => {
    expect(await xcp(['presets', 'reference-229'])).toMatchObject({
      code: 1,
      err: /did you mean "reference-299"/,
    });
  });
});

describe('help', () => {
  it.each(['train', 'resume', 'eval', 'presets'])('of %s shows an example', async (command) => {
    const { code, out } = await xcp([command, '--help']);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`Example:\\n {2}\\$ xcp ${command} `));
  });

  it('of the program lists the commands', async () => {
    expect((await xcp(['--help'])).out).toMatch(/train[\s\S]*resume[\s\S]*eval[\s\S]*presets/);
    expect((await xcp([])).code).toBe(1);
  });
});
