import { describe, expect, it } from 'vitest';
import { presets } from '../presets';
import { xcp } from '../testing/harness';

describe('xcp presets', () => {
  it.each(['presets', 'presets list'])('%s lists them, within 60 columns', async (command) => {
    const { code, out } = await xcp(command.split(' '));
    expect(code).toBe(0);
    expect(out).toContain('reference-128-long');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
  });

  it.each(['presets', 'presets show'])('%s shows one in full, as JSON alone with --json', async (command) => {
    const { out } = await xcp([...command.split(' '), 'reference-299', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      name: 'reference-299',
      config: { data: { size: 299 }, batchSize: 8 },
    });
  });

  it('prints names and descriptions alone with --json', async () => {
    const { out } = await xcp(['presets', 'list', '--json']);
    expect(JSON.parse(out).map(({ name }: { name: string }) => name)).toEqual(
      presets.map(({ name }) => name),
    );
  });

  it.each(['presets', 'presets show'])('%s names the nearest of an unknown one', async (command) => {
    const { code, err } = await xcp([...command.split(' '), 'reference-229']);
    expect(code).toBe(1);
    expect(err).toContain('did you mean "reference-299"');
  });

  it('does not show without a name', async () => {
    const { code, err } = await xcp(['presets', 'show']);
    expect(code).toBe(1);
    expect(err).toContain("missing required argument 'name'");
  });
});

describe('help', () => {
  it.each([
    'train',
    'resume',
    'eval',
    'presets',
    'presets list',
    'presets show',
    'config',
    'completion',
    'data get',
    'data info',
    'data sample',
    'data verify',
  ])('of %s shows an example', async (command) => {
    const { code, out } = await xcp([...command.split(' '), '--help']);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`Example:\\n {2}\\$ xcp ${command} `));
  });

  it('of the program lists the commands', async () => {
    expect((await xcp(['--help'])).out).toMatch(/train[\s\S]*resume[\s\S]*eval[\s\S]*presets[\s\S]*data/);
    expect((await xcp([])).code).toBe(1);
  });
});
