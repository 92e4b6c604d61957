import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { modelWeights } from '@xcp/trainer';
import { readInit } from '@xcp/trainer/node';
import { loadWeights, type XceptionConfig, xception } from '@xcp/xception';
import { beforeEach, describe, expect, it } from 'vitest';
import { engine, home, interruptAt, json, jsonLines, outcome, trainArgs, xcp } from '../testing/harness';

const fixtures = new URL('../../../../packages/xception/fixtures/weights/', import.meta.url);
const fixture = (name: string) => readFileSync(new URL(name, fixtures));

/** The network of the fixtures, which were written by Keras and by PyTorch, for 5 classes. */
const network: XceptionConfig = {
  stem: { filters: [3, 4], strides: [2, 1], padding: 'valid' },
  entryFilters: [5, 6],
  middleBlocks: 1,
  exitFilters: [6, 7],
  finalFilters: [8],
};
const still = ['schedule={"name":"constant","learningRate":1e-30}', 'maxSteps=3'];
const args = (out: string, ...more: string[]) => {
  const settings = ['data.size=39', `model=${JSON.stringify(network)}`, ...still];
  const sets = settings.flatMap((setting) => ['--set', setting]);
  return trainArgs(out, ...sets, '--init', ...more);
};

beforeEach(async () => {
  await engine.activate();
  writeFileSync(join(home, 'keras.h5'), gunzipSync(fixture('keras-model.h5.gz')));
  writeFileSync(join(home, 'model.keras'), gunzipSync(fixture('keras.keras.gz')));
  writeFileSync(join(home, 'pytorch.safetensors'), fixture('pytorch.safetensors'));
});

describe('xcp train --init with a file of', () => {
  it.each(['keras.h5', 'model.keras', 'pytorch.safetensors'])(
    '%s begins with its weights and a classifier of its own for other classes',
    async (file) => {
      const { code, out, err } = await xcp(args('run', file, '--json'));
      expect(code).toBe(0);
      expect(err).toContain(
        'has no classifier for these classes: predictions/kernel, predictions/bias begin',
      );
      const told = jsonLines(out).find(({ event }) => event === 'init');
      expect(told.fresh).toEqual(['predictions/kernel', 'predictions/bias']);
      expect(json('run', 'config.json').init).toMatchObject({ path: join(home, file), head: 'fresh' });

      // Steps at a rate of nothing leave the weights as they were.
      const { weights } = await readInit(join(home, 'run', 'checkpoints', 'step-0000003'));
      const model = xception({ ...network, inputShape: [39, 39, 3], classes: 5 });
      await loadWeights(model, new Uint8Array(readFileSync(join(home, file))));
      const loaded = await modelWeights(model);
      for (const name of ['block1_conv1/kernel', 'block4_sepconv1/pointwise_kernel']) {
        expect(weights[name]).toEqual(loaded[name]);
      }
      model.dispose();
      expect(weights['predictions/kernel']!.shape).toEqual([8, 10]);
      // PyTorch's network has another epsilon, and pads in another way.
      expect(err.includes('these weights need `batchNormEpsilon: 0.00001`')).toBe(file.startsWith('pytorch'));
    },
  );

  it('other classes is refused where its classifier is to be kept, and another network is, in one line', async () => {
    const kept = await xcp(args('a', 'keras.h5', '--init-head', 'keep'));
    expect(kept.code).toBe(1);
    expect(kept.err).toMatch(
      /^--init: ".*keras\.h5" every weight must fit, 2 do not.*'predictions\/kernel'.*\n$/,
    );
    const other = await xcp(trainArgs('a', '--init', 'keras.h5'));
    expect(other.code).toBe(1);
    expect(other.err).toMatch(/^--init: ".*keras\.h5" every weight must fit.*; ….*Build the model.*\n$/);
    expect(() => readFileSync(join(home, 'a', 'config.json'))).toThrow('ENOENT');
  });

  it('Keras is read again where the run was killed before its first checkpoint', async () => {
    const faster = ['--set', 'schedule.learningRate=0.01'];
    await xcp(args('whole', 'keras.h5', ...faster));
    await xcp(args('killed', 'keras.h5', '--json', ...faster), interruptAt(2));
    rmSync(join(home, 'killed', 'checkpoints'), { recursive: true });
    expect(await xcp(['resume', 'killed'])).toMatchObject({ code: 0 });
    expect(outcome('killed')).toEqual(outcome('whole'));
  });
});
