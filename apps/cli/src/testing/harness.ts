import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allEngines } from '@xcp/backend/engines';
import type { EndingSignal } from '@xcp/trainer/node';
import { afterAll, afterEach, beforeEach, expect } from 'vitest';
import { run } from '../run';
import type { Services } from '../services';
import { memoryIo } from './memory-io';
import { tinyCifar10, tinySettings } from './tiny-cifar10';

/** The folder of the test that runs. */
export let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'xcp-run-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** The fastest engine that every machine has. */
export const engine = allEngines().find(({ name }) => name === 'xcp-wasm')!;

/** A few images and one engine, in place of CIFAR-10 and the engines of the machine. */
export const services = (): Services => ({
  loadCifar10: async () => tinyCifar10,
  verifyCifar10: async ({ directory = home } = {}) => [
    { name: 'tiny.bin', path: join(directory, 'tiny.bin'), state: 'proved', fault: null },
  ],
  engines: [engine],
  joinRanks: async () => null,
  shareThreads: () => '1 thread',
  openBrowser: async () => {},
  startRun: () => async (args) => (await xcp([...args])).code,
});

/** Runs `xcp` in the test's folder and gives its exit code and what it printed. */
export async function xcp(args: string[], options: Parameters<typeof memoryIo>[1] = {}, using = services()) {
  const world = memoryIo(home, options);
  const code = await run(args, world.io, using);
  expect(world.listeners.size).toBe(0);
  return { code, out: world.stdout.text(), err: world.stderr.text(), exits: world.exits };
}

/** Options for a run of 3 epochs, 4 steps each. */
export const tinyRun = ['--preset', 'reference-32-adam', ...tinySettings, '--set', 'epochs=3'];

export const trainArgs = (out: string, ...more: string[]) => ['train', ...tinyRun, '--out', out, ...more];

let trained: string | undefined;

/** Puts a run that has ended into the test's folder, under the name `run`; it is trained once. */
export async function withTrainedRun(): Promise<void> {
  if (trained === undefined) {
    expect((await xcp(trainArgs('run'))).code).toBe(0);
    trained = mkdtempSync(join(tmpdir(), 'xcp-trained-'));
    cpSync(join(home, 'run'), trained, { recursive: true });
  } else cpSync(trained, join(home, 'run'), { recursive: true });
}
afterAll(() => {
  if (trained !== undefined) rmSync(trained, { recursive: true, force: true });
});

export const read = (...path: string[]) => readFileSync(join(home, ...path));
export const json = (...path: string[]) => JSON.parse(read(...path).toString());
export const jsonLines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** What a run computed, without the times it took. */
export function outcome(folder: string) {
  const metrics = jsonLines(read(folder, 'metrics.jsonl').toString());
  const timeless = metrics.map(({ imagesPerSecond: _, seconds: __, ...figures }) => figures);
  const { test, weights, validation, steps, epochs } = json(folder, 'result.json');
  const bytes = read(folder, 'model', 'weights.bin').toString('base64');
  return { metrics: timeless, test, weights, validation, steps, epochs, bytes };
}

/** Presses Ctrl-C, or sends another signal, when the run has said that it has done a step. */
export const interruptAt = (step: number, signal: EndingSignal = 'SIGINT') => ({
  onText: (text: string, interrupt: (signal: EndingSignal) => void) => {
    if (text.includes(`"event":"log","step":${step},`)) interrupt(signal);
  },
});
