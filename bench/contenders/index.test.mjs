import { describe, expect, it } from 'vitest';
import { allConfigs, configNamed } from '../configs.mjs';
import { chooseContenders } from './index.mjs';

const names = (config, options = {}) =>
  chooseContenders(configNamed(config), options).map(({ name }) => name);

describe('chooseContenders', () => {
  it('takes those by default, but plain JavaScript at a small image alone', () => {
    const usual = ['xcp', 'xcp-wasm', 'pytorch-nhwc', 'pytorch-nchw', 'tfjs-wasm'];
    expect(names('32-b64')).toEqual(usual);
    expect(names('infer-32-b1')).toEqual([...usual, 'tfjs-cpu']);
  });

  it('adds and restricts', () => {
    expect(names('32-b64', { extra: ['jax'] })).toContain('jax');
    expect(names('32-b64', { only: ['jax'] })).toEqual(['jax']);
    expect(names('memory-299-b8')).toEqual(['xcp']);
  });

  it('leaves out who cannot train where nothing else is asked', () => {
    expect(names('memory-299-b8', { only: ['xcp', 'tfjs-wasm'] })).toEqual(['xcp']);
  });

  it('names the contenders there are', () => {
    expect(() => names('tiny', { extra: ['abacus'] })).toThrow(/xcp, .*tfjs-cpu, received abacus/);
  });

  it('gives each a command with a task that can be read', () => {
    for (const config of allConfigs) {
      for (const { run } of chooseContenders(configNamed(config), {})) {
        const { args } = run({ size: 32, threads: 2 });
        expect(JSON.parse(args[1])).toMatchObject({ size: 32, threads: 2 });
      }
    }
  });
});
