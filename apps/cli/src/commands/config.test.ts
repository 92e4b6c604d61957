import { describe, expect, it } from 'vitest';
import { configKeys } from '../config/describe-keys';
import { xcp } from '../testing/harness';

describe('xcp config', () => {
  it('explains every key, within 60 columns', async () => {
    const { code, out } = await xcp(['config']);
    expect(code).toBe(0);
    const titles = out.split('\n').filter((line) => /^\S/.test(line));
    expect(titles).toHaveLength(configKeys().length);
    for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(60);
  });

  it('explains one key', async () => {
    const { out } = await xcp(['config', 'data.size']);
    expect(out).toBe(
      'data.size\n' +
        '  integer ≥ 1; default 32\n' +
        '  Side of the square network input in pixels; other sizes\n' +
        "  than CIFAR's 32 are resized bilinearly.\n",
    );
  });

  it('explains a section, the keys of lists too, and no other', async () => {
    const { out } = await xcp(['config', 'optimizer']);
    expect(out).toMatch(/^optimizer\n/);
    expect(out).toContain('\noptimizer.momentum (sgd)\n');
    expect(out).toContain('\noptimizer.groups[].match\n  list of strings; required\n');
    expect(out).toContain('\n  adam: Adam');
    expect(out).not.toContain('schedule.name');
    expect((await xcp(['config', 'steps'])).out).toMatch(/^steps\n[^\n]+\n[^\n]+\n[^\n]*\n?$/);
  });

  it('prints what is said of a key as JSON', async () => {
    const { out, err } = await xcp(['config', 'data.crop', '--json']);
    expect(JSON.parse(out).map(({ key }: { key: string }) => key)).toEqual([
      'data.crop',
      'data.crop.padding',
      'data.crop.mode',
    ]);
    expect(err).toBe('');
  });

  it.each([
    ['optimiser', 'optimizer'],
    ['optimizer.momentun', 'optimizer.momentum'],
    ['data.batchSize', 'batchSize'],
  ])('names the nearest of %s', async (typed, near) => {
    const { code, err } = await xcp(['config', typed]);
    expect(code).toBe(1);
    expect(err).toBe(
      `config: the key must be one that \`xcp config\` lists, received "${typed}"; did you mean "${near}"?\n`,
    );
  });

  it('is named by the help of train', async () => {
    expect((await xcp(['train', '--help'])).out).toContain('`xcp config` explains');
  });
});
