import { describe, expect, it } from 'vitest';
import { configKeys } from './describe-keys';
import { valueText } from './key-text';
import { knownKeys } from './known-keys';

const at = (key: string) => configKeys().filter((each) => each.key === key);

describe('the keys of a configuration', () => {
  it('all say what they mean', () => {
    expect(configKeys().filter(({ description }) => description === '')).toEqual([]);
  });

  it('are those that a configuration can hold', () => {
    const listed = new Set(configKeys().map(({ key }) => key));
    expect(knownKeys().filter((key) => !listed.has(key))).toEqual([]);
    expect([...listed].filter((key) => !key.includes('[]') && !knownKeys().includes(key))).toEqual([]);
  });

  it('have type, range, default and meaning', () => {
    expect(at('batchSize')).toEqual([
      {
        key: 'batchSize',
        kinds: [],
        type: 'integer',
        range: '≥ 1',
        choices: [],
        default: 128,
        required: false,
        description: 'Images per training step.',
      },
    ]);
  });

  it('stand once for each default that the kinds of a section have', () => {
    expect(at('optimizer.weightDecay').map(({ kinds, default: value }) => [kinds, value])).toEqual([
      [['sgd', 'adam', 'rmsprop'], 0],
      [['adamw'], 0.01],
      [['muon'], 0],
    ]);
    expect(at('optimizer.weightDecayExclude').map(({ kinds }) => kinds)).toEqual([[]]);
    expect(at('schedule.every.steps').map(({ kinds }) => kinds)).toEqual([
      ['stepDecay', 'exponential', 'cosineRestarts'],
    ]);
  });

  it('name the kinds of a section as choices, and the default among them', () => {
    const [name] = at('optimizer.name');
    expect(name!.choices.map(({ value }) => value)).toEqual(['sgd', 'adam', 'adamw', 'rmsprop', 'muon']);
    expect(name!.choices[2]!.description).toContain('decoupled');
    expect([name!.default, name!.required]).toEqual(['sgd', false]);
    expect(at('momentumSchedule.name')[0]).toMatchObject({ required: true });
  });

  it('are required only where every alternative needs them', () => {
    expect(at('schedule.power')[0]!.required).toBe(true);
    expect(at('onDivergence.rollback')[0]!.required).toBe(true);
    expect(at('checkpoints.keepEvery.steps')[0]!.required).toBe(false);
    expect(at('model.entryFilters')[0]!.required).toBe(false);
  });

  it('go into lists', () => {
    expect(at('optimizer.groups[].match')[0]).toMatchObject({ required: true, kinds: [] });
    expect(at('schedule.parts[].for.share')[0]).toMatchObject({ kinds: ['sequence'] });
    expect(at('schedule.parts[].learningRate')).toEqual([]);
  });

  it.each([
    ['data.validationShare', 'number in [0, 1)'],
    ['schedule.factor', 'number in (0, 1]'],
    ['data.randAugment.magnitude', 'integer in [0, 30]'],
    ['maxSteps', 'integer ≥ 1 or null'],
    ['clipNorm', 'number > 0 or null'],
    ['model.stem', 'imagenet, cifar or object'],
    ['model.checkpointBlocks', 'boolean or list of integers ≥ 1'],
    ['data.normalize.std', 'list of 3 numbers > 0'],
    ['onDivergence', 'stop or object'],
    ['optimizer.groups', 'list of objects'],
  ])('%s takes %s', (key, text) => {
    expect(valueText(at(key)[0]!)).toBe(text);
  });
});
