import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { cpuEngine } from '@xcp/backend/engines';
import { describe, expect, it, vi } from 'vitest';
import type { Services } from '../services';
import { home, json, jsonLines, outcome, read, services, tinyRun, trainArgs, xcp } from '../testing/harness';
import { tinyCifar10 } from '../testing/tiny-cifar10';

const checkpointName = (step: number) => `step-${String(step).padStart(7, '0')}`;

describe('xcp train', () => {
  it('varies the images as it is told, and computes the same with threads that prepare the batches', async () => {
    const varied = [
      'flip=random',
      'randAugment.magnitude=3',
      'cutout.size=8',
      'mixup.alpha=0.4',
      'cutmix={}',
    ].flatMap((setting) => ['--set', `data.${setting}`]);
    await xcp(trainArgs('plain'));
    await xcp(trainArgs('alone', ...varied));
    const { code, out } = await xcp(trainArgs('ahead', ...varied, '--workers', '2'));
    expect(code).toBe(0);
    expect(out).not.toContain('workers cannot be started');
    expect(json('alone', 'config.json').config.data).toMatchObject({ cutmix: { alpha: 1 }, translate: null });
    expect(outcome('ahead')).toEqual(outcome('alone'));
    expect(outcome('plain').bytes).not.toBe(outcome('alone').bytes);
  });

  it('leaves a run with its configuration, metrics, model and result', async () => {
    await cpuEngine.activate();
    const tensors = tf.memory().numTensors;
    const { code, out } = await xcp(trainArgs('a'), {}, { ...services(), engines: [cpuEngine] });
    expect(code).toBe(0);
    const files = readdirSync(join(home, 'a')).filter((name) => !name.startsWith('events.out.tfevents.'));
    expect(files.sort()).toEqual([
      'checkpoints',
      'config.json',
      'metrics.jsonl',
      'mistakes.json',
      'model',
      'report.html',
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
    expect(out).toMatch(/training {2}0:\d\d, [\d,]+ img\/s/);
    expect(result.imagesPerSecond).toBeGreaterThan(0);
    // The exported model needs no layer of ours: plain TensorFlow.js loads it.
    expect(read('a', 'model', 'model.json').toString()).not.toContain('Xcp');
    expect(out).toContain('xcp resume a --set epochs=6');
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('keeps averages where it is told, and ends with the better of the two by validation', async () => {
    await xcp(trainArgs('plain'));
    const { code, out } = await xcp(trainArgs('a', '--set', 'ema.decay=0.5'));
    expect(code).toBe(0);
    expect(json('a', 'config.json').config.ema).toEqual({ decay: 0.5, warmup: true, everySteps: 1 });
    expect(out).toContain('ema acc');
    expect(readdirSync(join(home, 'a', 'checkpoints', 'step-0000012'))).toContain('ema.safetensors');
    const epochs = (name: string) => outcome(name).metrics.filter(({ kind }) => kind === 'epoch');
    const withoutEma = (row: object) => ({ ...row, ema: null });
    expect(epochs('a').map(withoutEma)).toEqual(epochs('plain'));
    const { weights, validation } = json('a', 'result.json');
    const best = epochs('a').find(({ epoch }) => epoch === weights.epoch);
    expect(validation).toEqual(weights.averaged ? best.ema : best.validation);
    expect(outcome('plain').bytes === outcome('a').bytes).toBe(!weights.averaged);
  });

  it('with --json prints nothing but JSON on stdout', async () => {
    const { code, out, err } = await xcp(trainArgs('a', '--json'));
    expect(code).toBe(0);
    const events = jsonLines(out);
    // A checkpoint is told when it is written, which is beside the steps that follow it.
    const names = events.map(({ event }) => event).filter((event) => event !== 'checkpoint');
    expect(names.filter((event, at, all) => event !== all[at - 1])).toEqual([
      'start',
      ...['log', 'epoch', 'log', 'epoch', 'log', 'epoch'],
      'result',
    ]);
    const checkpoints = events.filter(({ event }) => event === 'checkpoint');
    expect(checkpoints.map(({ step }) => step)).toEqual([4, 8, 12]);
    expect(events.filter(({ event }) => event === 'log').map(({ step }) => step)).toEqual(
      Array.from({ length: 12 }, (_, index) => index + 1),
    );
    expect(events.at(-1)).toMatchObject({ event: 'result', run: 'a', steps: 12 });
    expect(err).toContain('test accuracy');
  });

  it('names its folder after preset and time where --out does not', async () => {
    await xcp(['train', ...tinyRun, '--set', 'maxSteps=1']);
    expect(readdirSync(join(home, 'runs'))).toEqual(['reference-32-adam-20261124-090000']);
  });

  it('is the same run for the same seed, and another for another', async () => {
    for (const [out, seed] of [
      ['a', 1],
      ['b', 1],
      ['c', 2],
    ] as const) {
      await xcp(trainArgs(out, '--set', `seed=${seed}`, '--set', 'maxSteps=2'));
    }
    expect(outcome('b')).toEqual(outcome('a'));
    expect(outcome('c').bytes).not.toBe(outcome('a').bytes);
  });

  it('writes and keeps checkpoints as it is told', async () => {
    const checkpoints = (out: string) => readdirSync(join(home, out, 'checkpoints')).sort();
    const told = (settings: string[]) => settings.flatMap((setting) => ['--set', `checkpoints.${setting}`]);
    await xcp(trainArgs('a', ...told(['everyEpochs=null', 'everySteps=5', 'bestMetric=loss'])));
    expect(checkpoints('a')).toEqual(['step-0000010', 'step-0000012']);
    await xcp(trainArgs('b', ...told(['everyMinutes=1e-9', 'keepLast=3', 'keepEvery.steps=3'])));
    expect(checkpoints('b')).toEqual(expect.arrayContaining([3, 6, 9, 10, 11, 12].map(checkpointName)));
    expect(json('b', 'result.json').weights).toMatchObject({ kind: 'best' });
  });

  it('shows bars, curves and its folder in no more than 60 columns on a terminal of 60', async () => {
    const { out } = await xcp(trainArgs('a', '--set', 'maxSteps=3'), { isTTY: true });
    const lines = stripVTControlCharacters(out).split(/[\r\n]/);
    const drawn = ['epoch 1/3', 'validation', 'run', 'test'];
    for (const name of drawn) {
      const bars = lines.filter((line) => new RegExp(`^${name} +[━─]+ +\\d+/\\d+$`).test(line));
      expect(bars.length, name).toBeGreaterThan(0);
      for (const bar of bars) expect(bar.length).toBeLessThanOrEqual(60);
    }
    expect(lines.some((line) => /^val loss [\u2800-\u28ff]*/.test(line))).toBe(true);
    expect(lines.some((line) => /RSS [\d.]+ [MG]iB/.test(line))).toBe(true);
    // The folder stands beside the memory or, where that takes long, on a line of its own.
    expect(lines.some((line) => /(iB {2}|^)a$/.test(line))).toBe(true);
  });
});

describe('what is wrong', () => {
  const unused = () => ({
    ...services(),
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
    const { code, err } = await xcp(trainArgs('file/run'), {}, using);
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
    expect(await xcp(trainArgs('a'), {}, noData)).toMatchObject({
      code: 1,
      err: 'loadCifar10: no source can bring the data\n',
    });
    expect(await xcp(trainArgs('a', '--engine', 'cuda'))).toMatchObject({ code: 1 });
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
    await xcp(trainArgs('a', '--set', 'maxSteps=1'));
    const before = read('a', 'config.json').toString();
    const { code, err } = await xcp(trainArgs('a'));
    expect(code).toBe(1);
    expect(err).toContain('holds a run already; continue it with `xcp resume');
    expect(read('a', 'config.json').toString()).toBe(before);
  });

  it('rejects a number of workers that there cannot be', async () => {
    const { code, err } = await xcp(trainArgs('none', '--workers', '-1'));
    expect(code).toBe(1);
    expect(err).toContain('It must be an integer from 0 to 256.');
  });
});
