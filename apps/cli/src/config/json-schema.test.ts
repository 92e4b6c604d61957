import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { presets } from '../presets';
import { json, withTrainedRun, xcp } from '../testing/harness';
import { configJsonSchema } from './json-schema';
import { resolveConfig } from './resolve';

const validate = new Ajv({ strict: true, strictTypes: false }).compile(configJsonSchema());
const faults = (config: unknown) => (validate(config) ? [] : validate.errors);

describe('the JSON Schema accepts', () => {
  it.each(presets.map((preset) => [preset.name, preset] as const))('%s', (_, { name, config }) => {
    expect(faults(config)).toEqual([]);
    expect(faults({ $schema: './config.schema.json', preset: name, ...config })).toEqual([]);
    expect(faults(resolveConfig(config))).toEqual([]);
  });

  it('what a run wrote down', async () => {
    await withTrainedRun();
    expect(faults(json('run', 'config.json').config)).toEqual([]);
  });

  it.each([
    [{ optimizer: { weightDecay: 1e-3 } }],
    [{ schedule: { learningRate: 0.02 } }],
    [{ schedule: { name: 'multiStep', at: { epochs: [3, 5] } } }],
    [
      {
        schedule: { name: 'sequence', parts: [{ name: 'linear', for: { share: 0.1 } }, { name: 'cosine' }] },
      },
    ],
    [{ onDivergence: { rollback: 2 } }],
    [{ model: { stem: 'cifar', checkpointBlocks: [2, 3] } }],
    [{ steps: 100, epochs: null }],
  ])('%j, as the command line does', (config) => {
    expect(faults(config)).toEqual([]);
    const resolved = resolveConfig({}, [], config);
    expect(faults(resolved)).toEqual([]);
  });
});

describe('the JSON Schema refuses', () => {
  it.each([
    [{ batchsize: 64 }],
    [{ batchSize: 0 }],
    [{ preset: 'quickstrat' }],
    [{ data: { flip: 'vertical' } }],
    [{ data: { validationShare: 1 } }],
    [{ data: { normalize: { mean: [0.5, 0.5] } } }],
    [{ optimizer: { name: 'adam', nesterov: true } }],
    [{ schedule: { name: 'stepDecay', every: { epochs: 1, steps: 5 } } }],
    [{ schedule: { name: 'sequence', parts: [{ learningRate: 0.1 }] } }],
  ])('%j, as the command line does', (config) => {
    expect(faults(config)).not.toEqual([]);
    const { preset: _, ...rest } = config as Record<string, unknown>;
    if (Object.keys(rest).length > 0) {
      expect(() => resolveConfig({}, [], rest)).toThrow();
    }
  });
});

it('gives editors the meaning and the default of a key', () => {
  const { properties } = configJsonSchema();
  expect(properties?.batchSize).toMatchObject({ default: 128, description: 'Images per training step.' });
  expect(properties?.data?.description).toContain('images');
  expect(Object.keys(properties!).slice(0, 2)).toEqual(['$schema', 'preset']);
});

it('is what `xcp config --json` prints', async () => {
  expect(JSON.parse((await xcp(['config', '--json'])).out)).toEqual(configJsonSchema());
});
