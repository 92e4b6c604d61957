import { resolveConfig as resolveTrainConfig } from '@xcp/trainer';
import { type ResolvedXceptionConfig, resolveConfig as resolveModelConfig } from '@xcp/xception';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trainConfig } from '../training/train-config';
import { knownKeys, nearestKey } from './known-keys';
import { modelSection } from './model-section';
import { nearest } from './nearest';
import { parseSet } from './parse-set';
import { checkConfig, resolveConfig } from './resolve';

const failure = (...sets: string[]) => {
  try {
    resolveConfig({}, sets);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error(`accepted ${sets.join(' ')}`);
};

describe('--set', () => {
  it('reads numbers, words, lists and null', () => {
    expect(parseSet('epochs=3')).toEqual({ path: ['epochs'], value: 3 });
    expect(parseSet('optimizer.name=adam')).toEqual({ path: ['optimizer', 'name'], value: 'adam' });
    expect(parseSet('model.entryFilters=[64,128]').value).toEqual([64, 128]);
    expect(parseSet('data.crop=null').value).toBeNull();
    expect(parseSet('name=a=b').value).toBe('a=b');
  });

  it.each(['epochs', '=3', 'data.=1', '.x=1'])('refuses %s', (text) => {
    expect(() => parseSet(text)).toThrow(
      `--set: must be key=value with a dotted key (like epochs=1), received "${text}"`,
    );
  });

  it('changes only the key it names', () => {
    const base = resolveConfig({});
    const changed = resolveConfig({}, ['data.normalize.std=[1,1,1]', 'maxSteps=20']);
    expect(changed).toEqual({
      ...base,
      maxSteps: 20,
      data: { ...base.data, normalize: { ...base.data.normalize, std: [1, 1, 1] } },
    });
  });

  it('lets the last of two settings win', () => {
    expect(resolveConfig({}, ['epochs=2', 'epochs=3']).epochs).toBe(3);
  });

  it('starts a section afresh when another optimizer or schedule is chosen, wherever the choice stands', () => {
    const { optimizer, schedule } = resolveConfig({ optimizer: { name: 'sgd', nesterov: true } }, [
      'optimizer.beta1=0.5',
      'optimizer.name=adam',
      'schedule.name=oneCycle',
    ]);
    expect(optimizer).toEqual({
      name: 'adam',
      beta1: 0.5,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0,
      weightDecayExclude: [],
      groups: [],
    });
    expect(schedule.name).toBe('oneCycle');
    expect(
      resolveConfig({ optimizer: { name: 'sgd', nesterov: true } }, ['optimizer.name=sgd']).optimizer,
    ).toMatchObject({
      nesterov: true,
    });
  });

  it('opens a section that was null', () => {
    expect(resolveConfig({}, ['data.crop.padding=2']).data.crop).toEqual({ padding: 2, mode: 'zero' });
  });
});

describe('a wrong value', () => {
  it.each([
    [['batchSize=0'], 'config: `batchSize` must be at least 1, received 0'],
    [['batchSize=many'], 'config: `batchSize` must be a number, received "many"'],
    [['epochs=1.5'], 'config: `epochs` must be an integer, received 1.5'],
    [['data.validationShare=1'], 'config: `data.validationShare` must be less than 1, received 1'],
    [['data.size=32px'], 'config: `data.size` must be a number, received "32px"'],
    [['data.normalize.std=[0,1,1]'], 'config: `data.normalize.std.0` must be greater than 0, received 0'],
    [['data=5'], 'config: `data` must be an object, received 5'],
    [
      ['optimizer.name=adamx'],
      'config: `optimizer.name` must be one of "sgd", "adam", "adamw", "rmsprop", "muon", received "adamx"',
    ],
    [
      ['model.middleFlow=both'],
      'config: `model.middleFlow` must be one of "distinct", "shared", "shared-with-own-statistics", received "both"',
    ],
    [['model.padding=same'], 'config: `model.padding` must be one of "keras", "torch", received "same"'],
    [['model.dropPath=1'], 'config: `model.dropPath` must be less than 1, received 1'],
    [
      ['model.checkpointBlocks=all'],
      'config: `model.checkpointBlocks` must be a boolean or must be an array, received "all"',
    ],
    [['model.checkpointBlocks=[0]'], 'config: `model.checkpointBlocks.0` must be at least 1, received 0'],
    [
      ['model.pointwiseInitializer=zeros'],
      'config: `model.pointwiseInitializer` must be one of "glorotUniform", "glorotNormal", "heUniform", "heNormal", ' +
        '"lecunUniform", "lecunNormal", "torch", "identity", received "zeros"',
    ],
    [['onDivergence.rollback=0'], 'config: `onDivergence.rollback` must be at least 1, received 0'],
    [
      ['epochs=null'],
      'config: either `epochs` or `steps` must be given, received epochs null and steps null',
    ],
    [['model.stem.filters=[1]'], 'config: `model.stem.filters` must hold at least 2 values, received [1]'],
    [
      ['schedule={"name":"sequence","parts":[{"name":"linear","for":{"epoch":1}},{"name":"cosine"}]}'],
      'config: `schedule.parts.0.for.epoch` is not a known key',
    ],
    [
      ['schedule={"name":"sequence","parts":[{"name":"sequence"}]}'],
      'config: `schedule.parts.0.name` must be one of "constant"',
    ],
    [
      ['momentumSchedule={"name":"constant","value":1}'],
      '`momentumSchedule.value` must be less than 1, received 1',
    ],
    [
      ['optimizer.groups=[{"match":["head"],"learningRateScale":0}]'],
      'config: `optimizer.groups.0.learningRateScale` must be greater than 0, received 0',
    ],
    [['schedule.name=polynomial'], 'config: `schedule.power` must be a number, received nothing'],
    [
      ['schedule.every={"epochs":1,"steps":2}'],
      'config: `schedule.every` must hold exactly one of `epochs`, `steps`, `samples`, received {"epochs":1,"steps":2}',
    ],
  ])('%s is told as subject, rule and value received', (sets, message) => {
    expect(failure(...sets)).toContain(message);
  });

  it('is told for every key at once', () => {
    expect(failure('batchSize=0', 'epochs=0').split('\n')).toHaveLength(2);
  });
});

describe('an unknown key', () => {
  it.each([
    ['batchsize=3', 'config: `batchsize` is not a known key; did you mean `batchSize`?'],
    [
      'optimizer.momentom=1',
      'config: `optimizer.momentom` is not a known key; did you mean `optimizer.momentum`?',
    ],
    ['learningRate=1', 'config: `learningRate` is not a known key; did you mean `schedule.learningRate`?'],
    ['flip=random', 'config: `flip` is not a known key; did you mean `data.flip`?'],
    ['optimizer.beta1=0.5', 'config: `optimizer.beta1` does not go with `optimizer.name` "sgd"'],
    ['qqqqqqqq=1', 'config: `qqqqqqqq` is not a known key'],
  ])('%s names the nearest known one', (set, message) => {
    expect(failure(set)).toBe(message);
  });

  it('is refused wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', 'data.', 'model.', 'evaluation.'),
        fc.stringMatching(/^[a-z]{1,8}Zz$/),
        (section, key) => {
          expect(failure(`${section}${key}=1`)).toContain(`\`${section}${key}\` is not a known key`);
        },
      ),
    );
  });

  it('suggests a key with one letter changed, for every key there is', () => {
    for (const key of knownKeys()) expect(nearestKey(`${key}x`)).toBe(key);
  });
});

it.each([
  ['microBatchSize=32', { microBatchSize: 32 }],
  ['steps=500', { steps: 500, epochs: null }],
  ['clipNorm=0.5', { clipNorm: 0.5 }],
  ['clipValue=0.1', { clipValue: 0.1 }],
  ['onDivergence.rollback=3', { onDivergence: { rollback: 3, factor: 0.5 } }],
])('%s reaches the training loop', (set, expected) => {
  expect(resolveTrainConfig(trainConfig(resolveConfig({}, [set])))).toMatchObject(expected);
});

it('has one length, the one set last', () => {
  const length = (...sets: string[]) => {
    const { epochs, steps } = resolveConfig({ epochs: 5 }, sets);
    return { epochs, steps };
  };
  expect(length()).toEqual({ epochs: 5, steps: null });
  expect(length('steps=100')).toEqual({ epochs: null, steps: 100 });
  expect(length('steps=100', 'epochs=2')).toEqual({ epochs: 2, steps: null });
  expect(resolveConfig({ steps: 7 })).toMatchObject({ epochs: null, steps: 7 });
  expect(() => resolveConfig({ epochs: 1, steps: 7 })).toThrow('received epochs 1 and steps 7');
});

it('takes every key of the network that training has a use for', () => {
  const model = resolveModelConfig({});
  const given = resolveConfig({ model: modelSection.parse(ofTraining(model)) });
  expect(given.model).toEqual(ofTraining(model));
});

/** All but what follows from the data and the seed, and what would leave no logits. */
function ofTraining({
  inputShape,
  classes,
  seed,
  includeTop,
  pooling,
  classifierActivation,
  ...rest
}: ResolvedXceptionConfig) {
  return rest;
}

it('fills in every default and accepts its own result', () => {
  const config = resolveConfig({});
  expect(checkConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
});

describe('nearest', () => {
  it('finds none where none is near', () => {
    expect(nearest('quickstart', ['reference-299'])).toBeUndefined();
    expect(nearest('quikstart', ['reference-299', 'quickstart'])).toBe('quickstart');
  });
});
