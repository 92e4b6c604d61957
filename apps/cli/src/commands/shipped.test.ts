import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cifar10 } from '@xcp/xception/cifar10';
import { beforeEach, describe, expect, it } from 'vitest';
import { pngOf } from '../figures/png';
import { engine, home, jsonLines, xcp } from '../testing/harness';

const fixture = new URL('../../../../packages/xception/fixtures/cifar10/images.json', import.meta.url);
const { labels, pixels } = JSON.parse(readFileSync(fixture, 'utf8')) as { labels: number[]; pixels: string };
const side = cifar10.size;

beforeEach(async () => {
  await engine.activate();
  const first = Buffer.from(pixels, 'base64').subarray(0, side * side * 3);
  writeFileSync(join(home, 'first.png'), pngOf({ width: side, height: side, data: new Uint8Array(first) }));
});

describe('the model that ships', () => {
  it('tells what is in an image, and where', async () => {
    const { out } = await xcp(['predict', 'cifar10', 'first.png', '--grad-cam', 'heat.png', '--json']);
    const [told] = jsonLines(out);
    expect(told).toMatchObject({ predictions: [{ name: cifar10.classes[labels[0]!] }, {}, {}] });
    expect(readFileSync(join(home, 'heat.png')).subarray(1, 4).toString()).toBe('PNG');
  });

  it('is exported as any other', async () => {
    const { code, err } = await xcp([
      'export',
      'cifar10',
      '--format',
      'safetensors',
      '--out',
      'x.safetensors',
    ]);
    expect([code, err]).toEqual([0, '']);
  });

  it('is what a training begins with', async () => {
    const few = ['batchSize=2', 'maxSteps=1', 'evaluation.test=false', 'data.validationShare=0.5'];
    const { classes: _, inputShape, ...network } = cifar10.network;
    const model = `model=${JSON.stringify(network)}`;
    const sets = [...few, model].flatMap((set) => ['--set', set]);
    const { code, out } = await xcp(['train', '--out', 'run', '--init', 'cifar10', ...sets]);
    expect(code).toBe(0);
    expect(out).toMatch(/init {4}.*cifar10\.safetensors: \d+ weights\n/);
  });

  it('gives way to a folder of its name', async () => {
    mkdirSync(join(home, 'cifar10'));
    const { code, err } = await xcp(['predict', 'cifar10', 'first.png']);
    expect(code).not.toBe(0);
    expect(err).toContain('must be the folder of a run');
  });
});
