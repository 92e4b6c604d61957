import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { engineNames } from '@xcp/backend/engines';
import { describe, expect, it } from 'vitest';
import { knownKeys } from '../config/known-keys';
import { presets } from '../presets';
import { home, xcp } from '../testing/harness';

/** What the script of a shell is told when the tabulator is pressed at the end of the words. */
async function complete(...words: string[]) {
  const { code, out, err } = await xcp(['complete', '--', ...words]);
  expect([code, err]).toEqual([0, '']);
  const lines = out.trimEnd().split('\n');
  return {
    words: lines.slice(0, -1).map((line) => line.split('\t')[0]!),
    meanings: lines.slice(0, -1).map((line) => line.split('\t')[1]!),
    spaceFollows: lines.at(-1) === ':4',
  };
}

const makeRun = (...path: string[]) => {
  mkdirSync(join(home, ...path), { recursive: true });
  writeFileSync(join(home, ...path, 'config.json'), '{}');
};

describe('xcp completion', () => {
  it.each([
    ['bash', 'complete -F __xcp_complete xcp'],
    ['zsh', '#compdef xcp'],
    ['fish', 'complete -c xcp'],
  ])('prints the script of %s, which asks this program', async (shell, line) => {
    const { code, out, err } = await xcp(['completion', shell]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(line);
    expect(out).toContain('xcp complete -- ');
  });

  it.skipIf(spawnSync('bash', ['--version']).error)('prints what bash can read', async () => {
    const { out } = await xcp(['completion', 'bash']);
    const bash = spawnSync('bash', ['-n'], { input: out, encoding: 'utf8' });
    expect([bash.status, bash.stderr]).toEqual([0, '']);
  });

  it('refuses another shell', async () => {
    const { code, err } = await xcp(['completion', 'csh']);
    expect(code).toBe(1);
    expect(err).toContain('Allowed choices are bash, zsh, fish');
  });
});

describe('a command line is completed', () => {
  it('by commands, and by those in them', async () => {
    expect(await complete('tr')).toEqual({
      words: ['train'],
      meanings: ['train a network'],
      spaceFollows: true,
    });
    expect((await complete('')).words).toEqual(expect.arrayContaining(['train', 'resume', 'config', 'data']));
    expect((await complete('')).words).not.toContain('complete');
    expect((await complete('data', '')).words).toEqual(['get', 'info', 'sample', 'verify', 'help']);
  });

  it('by options', async () => {
    expect((await complete('train', '--pre')).words).toEqual(['--preset']);
    expect((await complete('train', '--open', '--json', '--e')).words).toEqual(['--engine']);
    expect((await complete('plan', '--pre')).words).toEqual(['--preset']);
    expect((await complete('resume', '--pre')).words).toEqual([]);
  });

  it('by the presets', async () => {
    expect(await complete('train', '--preset', 'q')).toEqual({
      words: ['quickstart'],
      meanings: [presets[0]!.description],
      spaceFollows: true,
    });
    expect((await complete('train', '--preset=reference-1')).words).toEqual([
      'reference-128',
      'reference-128-long',
    ]);
    expect((await complete('train', '--preset', '')).words).toEqual(presets.map(({ name }) => name));
    expect((await complete('presets', 'show', 'q')).words).toEqual(['quickstart']);
  });

  it('by the choices of an option', async () => {
    expect((await complete('train', '--engine', '')).words).toEqual(['auto', ...engineNames]);
    expect((await complete('eval', '--split', '')).words).toContain('test');
    expect((await complete('completion', '')).words).toEqual(['bash', 'zsh', 'fish']);
    expect((await complete('train', '--workers', '')).words).toEqual([]);
  });

  it('by the keys of the configuration', async () => {
    expect(await complete('train', '--set', 'optimizer.mom')).toMatchObject({
      words: ['optimizer.momentum='],
      spaceFollows: false,
    });
    expect(await complete('config', 'data.crop.')).toMatchObject({
      words: ['data.crop.padding', 'data.crop.mode'],
      spaceFollows: true,
    });
    expect((await complete('config', '')).words).toEqual(knownKeys());
  });

  it('by the values that the configuration names for a key, and by its default', async () => {
    const words = async (word: string) => (await complete('train', '--set', word)).words;
    expect(await words('optimizer.name=')).toEqual(
      ['sgd', 'adam', 'adamw', 'rmsprop', 'muon'].map((name) => `optimizer.name=${name}`),
    );
    expect(await words('optimizer.name=ad')).toEqual(['optimizer.name=adam', 'optimizer.name=adamw']);
    expect(await words('evaluation.test=')).toEqual(['evaluation.test=true', 'evaluation.test=false']);
    expect(await words('maxSteps=')).toEqual(['maxSteps=null']);
    expect(await words('batchSize=')).toEqual(['batchSize=128']);
    expect(await complete('train', '--set', 'data.flip=r')).toMatchObject({
      words: ['data.flip=random'],
      spaceFollows: true,
    });
    expect(await words('nonsense=')).toEqual([]);
  });

  it('by runs and by files of weights, to begin with', async () => {
    makeRun('runs', 'one');
    for (const name of ['xception.h5', 'notes.txt']) writeFileSync(join(home, name), '');
    expect((await complete('train', '--init', 'x')).words).toEqual(['xception.h5']);
    expect((await complete('train', '--init', '')).words).toEqual(['runs/one', 'xception.h5']);
  });

  it('by the runs there are, those of sweeps too', async () => {
    makeRun('runs', 'one');
    makeRun('runs', 'sweep', 'two');
    mkdirSync(join(home, 'runs', 'no-run'));
    const runs = ['runs/one', 'runs/sweep/two'];
    expect(await complete('resume', '')).toMatchObject({ words: runs, spaceFollows: true });
    expect((await complete('compare', runs[0]!, 'runs/s')).words).toEqual([runs[1]]);
    expect((await complete('train', '--init', 'runs/o')).words).toEqual([runs[0]]);
  });

  it('by files and folders, one step at a time', async () => {
    makeRun('elsewhere', 'three');
    writeFileSync(join(home, 'recipe.json'), '{}');
    writeFileSync(join(home, '.hidden'), '');
    expect((await complete('train', '--config', '')).words).toEqual(['elsewhere/', 'recipe.json']);
    expect(await complete('train', '--config', 'rec')).toMatchObject({
      words: ['recipe.json'],
      spaceFollows: true,
    });
    expect(await complete('eval', 'else')).toMatchObject({ words: ['elsewhere/'], spaceFollows: false });
    expect((await complete('eval', 'elsewhere/')).words).toEqual(['elsewhere/three/']);
    expect((await complete('eval', 'nowhere/')).words).toEqual([]);
  });

  it('is not among the commands of the help', async () => {
    expect((await xcp(['--help'])).out).not.toMatch(/^ +complete /m);
  });
});
