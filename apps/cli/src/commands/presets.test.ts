import { describe, expect, it } from 'vitest';
import { xcp } from '../testing/harness';

describe('xcp presets', () => {
  it('lists them, within 60 columns', async () => {
    const { code, out } = await xcp(['presets']);
    expect(code).toBe(0);
    expect(out).toContain('reference-128-long');
    for (const line of out.split('\n').slice(0, -2)) expect(line.length).toBeLessThanOrEqual(60);
  });

  it('shows one in full, as JSON alone with --json', async () => {
    const { out } = await xcp(['presets', 'reference-299', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      name: 'reference-299',
      config: { data: { size: 299 }, batchSize: 8 },
    });
  });

  it('names the nearest of an unknown one', async () => {
    expect(await xcp(['presets', 'reference-229'])).toMatchObject({
      code: 1,
      err: /did you mean "reference-299"/,
    });
  });
});

describe('help', () => {
  it.each([
    'train',
    'resume',
    'eval',
    'presets',
    'config',
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
