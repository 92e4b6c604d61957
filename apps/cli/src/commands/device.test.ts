import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuEngine, type Engine, type Wish } from '@xcp/backend/engines';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { home, interruptAt, json, services, tinyRun, trainArgs, xcp } from '../testing/harness';

/** A world whose one engine is said to have devices, and what it was asked for. */
function withDevices() {
  const wishes: (Wish | undefined)[] = [];
  const engine: Engine = {
    ...cpuEngine,
    name: 'cuda',
    hasDevices: true,
    async probe(wish) {
      wishes.push(wish);
      return { available: true, detail: 'a pretended GPU' };
    },
    activate(wish) {
      wishes.push(wish);
      return cpuEngine.activate();
    },
  };
  const devices = () => wishes.splice(0).map((wish) => wish?.device);
  return { using: { ...services(), engines: [engine] }, devices };
}

describe('--device', () => {
  it('reaches the engine, is kept in the record, and is used again by resume and eval', async () => {
    const { using, devices } = withDevices();
    const stopped = await xcp(trainArgs('run', '--device', '1', '--json'), interruptAt(4), using);
    expect(devices()).toEqual([1, 1]);
    expect(stopped.err).toContain('engine  cuda (a pretended GPU, device 1)');
    expect(json('run', 'config.json').engine).toMatchObject({ name: 'cuda', device: 1 });

    expect(await xcp(['resume', 'run', '--set', 'epochs=2'], {}, using)).toMatchObject({ code: 0 });
    expect(devices()).toEqual([1, 1]);
    expect(await xcp(['resume', 'run', '--device', '0', '--set', 'epochs=3'], {}, using)).toMatchObject({
      code: 0,
    });
    expect(devices()).toEqual([0, 0]);
    expect(await xcp(['eval', 'run'], {}, using)).toMatchObject({ code: 0 });
    expect(devices()).toEqual([1, 1]);
    // A device is one of the engine that the run had.
    expect(await xcp(['eval', 'run', '--engine', 'auto'], {}, using)).toMatchObject({ code: 0 });
    expect(devices()).toEqual([undefined, undefined]);

    writeFileSync(
      join(home, 'a.png'),
      encode({ width: 8, height: 8, channels: 3, data: new Uint8Array(192) }),
    );
    for (const command of [
      ['predict', 'run', 'a.png'],
      ['export', 'run', '--format', 'safetensors', '--out', 'weights.safetensors'],
      ['lr-find', ...tinyRun, '--steps', '10'],
      ['plan', ...tinyRun, '--sizes', '8', '--memory', '1GiB'],
      ['bench', ...tinyRun, '--batches', '1', '--rounds', '1', '--seconds', '0.01', '--engine', 'cuda'],
      ['train', ...tinyRun, '--dry-run'],
    ]) {
      expect(await xcp([...command, '--device', '2'], {}, using), command.join(' ')).toMatchObject({
        code: 0,
      });
      expect(devices(), command[0]).toEqual([2, 2]);
    }
  });

  it('is an error where no engine has devices, and leaves no folder', async () => {
    const { code, err } = await xcp(trainArgs('run', '--device', '0'));
    expect(code).toBe(1);
    expect(err).toContain(
      '--engine auto --device 0: not available (xcp-wasm: has no devices to choose from); leave --device out',
    );
    expect(existsSync(join(home, 'run'))).toBe(false);
    const insisted = await xcp(trainArgs('run', '--engine', 'xcp-wasm', '--device', '0'));
    expect(insisted.err).toContain('leave --device out or use --engine auto');
  });

  it.each(['-1', '1.5', 'first', ''])('must be an index, not %j', async (index) => {
    expect(await xcp(trainArgs('run', `--device=${index}`))).toMatchObject({
      code: 1,
      err: expect.stringContaining('It must be an integer from 0 to 1023.'),
    });
  });
});
