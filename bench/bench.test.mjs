import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { backendStatus } from '@xcp/backend';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const path = (file) => fileURLToPath(new URL(file, import.meta.url));
// The programs run outside vitest, so on the built packages.
const built = existsSync(path('../packages/backend/dist/index.js'));
const native = backendStatus().available;
if (!built) console.warn('skipped: bench: the packages are not built');

let folder;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xcp-bench-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const bench = (...args) => spawnSync(process.execPath, [path('main.mjs'), ...args], { encoding: 'utf8' });
const json = (file) => JSON.parse(readFileSync(file, 'utf8'));

describe.skipIf(!built)('pnpm bench', { timeout: 300_000 }, () => {
  it('measures a tiny network without Python, and prints and writes the result', () => {
    const out = join(folder, 'tiny.json');
    const contenders = ['tfjs-cpu', 'tfjs-wasm', ...(native ? ['xcp'] : [])];
    const options = ['--only', contenders.join(), '--rounds', '1', '--seconds', '0.01', '--out', out];
    const { status, stdout, stderr } = bench('--config', 'tiny', ...options);
    expect(stderr).not.toContain('left out');
    expect(status).toBe(0);
    expect(stdout).toContain('tiny: 16×16, batch 4, 42202 parameters');
    expect(stdout).toContain('TensorFlow.js cpu');

    const [{ summary, macs }] = json(out).measured;
    expect(macs).toBe(86_832);
    expect(summary.infer.map(({ name }) => name).sort()).toEqual(contenders.sort());
    expect(summary.train.map(({ name }) => name)).not.toContain('tfjs-wasm');
    for (const row of [...summary.train, ...summary.infer]) {
      expect(row.differs).toBeUndefined();
      expect(row.imagesPerSecond).toBeCloseTo(4000 / row.ms.median, 6);
    }
    for (const { peakBytes } of summary.train) expect(peakBytes).toBeGreaterThan(2 ** 20);
    for (const { name, peakBytes } of summary.infer) {
      expect(peakBytes === undefined).toBe(name !== 'tfjs-wasm');
    }
  });

  it.skipIf(!native)('finds the memory that a description of the network told, to 5 %', () => {
    const { status, stdout } = bench('--memory', '--tiny');
    expect(status).toBe(0);
    const rows = stdout.split('\n').filter((line) => line.startsWith('| tiny'));
    expect(rows).toHaveLength(4);
    for (const row of rows) {
      const [training, inference] = [...row.matchAll(/(-?[\d.]+) %/g)].map(([, error]) => Number(error));
      expect(Math.abs(training), row).toBeLessThan(2);
      expect(Math.abs(inference), row).toBeLessThan(5);
    }
  });

  it('writes the tables of a result into a page', () => {
    const page = join(folder, 'page.md');
    writeFileSync(page, '<!-- bench -->\n<!-- /bench -->\n');
    const { status } = bench('--from', join(folder, 'tiny.json'), '--write', page);
    expect(status).toBe(0);
    expect(readFileSync(page, 'utf8')).toMatch(
      /\*\*Training\*\*[\s\S]*\| 16 \| 4 \| TensorFlow\.js cpu 4\.22\.0 \|/,
    );
  });

  it('says what cannot be measured, and why', () => {
    const { status, stderr } = bench('--config', 'tiny', '--only', 'tfjs-node', '--rounds', '1');
    expect(stderr).toMatch(/tfjs-node: left out of tiny: .*@tensorflow\/tfjs-node/);
    expect(status).toBe(0);
  });

  it('refuses a configuration and a contender that there is not', () => {
    expect(bench('--config', 'huge').stderr).toContain('`--config` must be one of 32-b8');
    expect(bench('--config', 'tiny', '--only', 'abacus').stderr).toContain('received abacus');
  });

  it('sweeps, and writes a figure', () => {
    const [out, figure] = [join(folder, 'scaling.json'), join(folder, 'scaling.svg')];
    const options = ['--tiny', '--only', 'tfjs-cpu', '--rounds', '1', '--seconds', '0.01'];
    const page = join(folder, 'scaling.md');
    writeFileSync(page, '<!-- scaling -->\n<!-- /scaling -->\n');
    const files = ['--out', out, '--figure', figure, '--write', page];
    const { status } = bench('--scaling', ...options, ...files);
    expect(status).toBe(0);
    expect(readFileSync(page, 'utf8')).toContain('threads](scaling.svg)');
    expect(json(out).rows.map(({ kind, batch }) => `${kind} ${batch}`)).toEqual([
      ...['train 2', 'infer 2', 'train 4', 'infer 4'],
    ]);
    expect(readFileSync(figure, 'utf8')).toContain('images per second');
  });

  it.skipIf(!native)('profiles a step: products, JavaScript, and no kernel of TensorFlow.js', () => {
    const out = join(folder, 'profile.json');
    const { status, stdout } = bench('--profile', '--config', 'tiny', '--seconds', '0.01', '--out', out);
    expect(status).toBe(0);
    expect(stdout).toContain('Conv2DBackpropFilter');
    const { summary, kernels, fallbacks } = json(out);
    expect(kernels.find(({ name }) => name === 'XcpSeparableConv2D').GFLOPS).toEqual(expect.any(Number));
    expect(summary.javaScriptShare).toBeGreaterThan(0);
    expect(summary.javaScriptShare).toBeLessThan(1);
    expect(fallbacks).toEqual({});
  });

  it.skipIf(!native)('compares the loop with the engine, and prints and writes what it adds', () => {
    const page = join(folder, 'loop.md');
    writeFileSync(page, '<!-- loop -->\n<!-- /loop -->\n');
    const options = ['--network', 'tiny', '--rounds', '2', '--steps', '1', '--clip', '--micro', '32'];
    const { status, stdout } = bench('--loop', ...options, '--write', page);
    expect(status).toBe(0);
    expect(stdout).toContain('median of 2 rounds');
    expect(readFileSync(page, 'utf8')).toMatch(/\| overhead \| -?\d+\.\d % \(/);
    const soaked = bench('--loop', '--network', 'tiny', '--soak', '0.02', '--every', '0.2');
    expect(soaked.status).toBe(0);
    expect(soaked.stdout).toContain('| minutes | steps | tensors |');
    expect(bench('--loop', '--network', 'huge').stderr).toContain('one of slim, full, tiny, received huge');
  });

  it('makes batches of a few records without Python, and prints and writes how fast', () => {
    const out = join(folder, 'data.json');
    const page = join(folder, 'data.md');
    writeFileSync(page, '<!-- data -->\n<!-- /data -->\n');
    const files = ['--out', out, '--write', page];
    const { status, stdout } = bench('--data', '--tiny', '--only', 'xcp', '--rounds', '2', ...files);
    expect(status).toBe(0);
    expect(stdout).toContain('40×40, one thread, images per second');
    const [{ rows }, withWorker] = json(out).settings;
    expect(rows).toHaveLength(1);
    expect(withWorker.rows[0].imagesPerSecond.median).toBeGreaterThan(0);
    expect(rows[0].imagesPerSecond.median).toBeGreaterThan(0);
    expect(rows[0].ratio).toEqual({ median: 1, min: 1, max: 1 });
    expect(readFileSync(page, 'utf8')).toContain('| 40×40 | none | @xcp/cifar10 v');
  });

  it('names who makes batches', () => {
    const { status, stderr } = bench('--data', '--only', 'keras');
    expect(status).toBe(1);
    expect(stderr).toContain('`--only` must name some of xcp, v2-batch, v2, v1, pil, received keras');
    expect(bench('--data', '--config', '64').stderr).toContain('one of 32, 128, 32-w2, 128-w2, received 64');
  });
});
