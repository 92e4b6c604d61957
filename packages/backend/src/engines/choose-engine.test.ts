import { describe, expect, it } from 'vitest';
import { chooseEngine } from './choose-engine';
import { describeEngine } from './describe-engine';
import type { Engine, EngineName, PassedOver, Probe, Wish } from './engine';
import { EngineError } from './engine-error';

/** An engine that only notes what it is asked for. */
function fake(name: EngineName, probe: Probe, more: Partial<Engine> = {}) {
  const probed: (Wish | undefined)[] = [];
  const activated: (Wish | undefined)[] = [];
  const engine: Engine = {
    name,
    probe: async (wish) => {
      probed.push(wish);
      return probe;
    },
    activate: async (wish) => void activated.push(wish),
    ...more,
  };
  return { engine, probed, activated };
}

const works = (detail: string): Probe => ({ available: true, detail });
const fails = (reason: string): Probe => ({ available: false, reason });

describe('chooseEngine', () => {
  it('takes the first that works and says why the earlier ones were passed over', async () => {
    const [cuda, xcp, cpu] = [
      fake('cuda', fails('not installed')),
      fake('xcp', works('avx2')),
      fake('cpu', works('plain')),
    ];
    const told: PassedOver[] = [];
    const chosen = await chooseEngine('auto', [cuda.engine, xcp.engine, cpu.engine], {
      onPassedOver: (passed) => told.push(passed),
    });
    const passedOver = [{ name: 'cuda', reason: 'not installed' }];
    expect(chosen).toEqual({ name: 'xcp', detail: 'avx2', passedOver });
    expect(told).toEqual(passedOver);
    expect([cuda, xcp, cpu].map(({ activated }) => activated.length)).toEqual([0, 1, 0]);
    expect(cpu.probed).toEqual([]);
    expect(describeEngine(chosen)).toBe('xcp (avx2); passed over cuda: not installed');
  });

  it('goes on where an engine works in the probe and fails when activated', async () => {
    const broken = fake('xcp', works('avx2'), { activate: () => Promise.reject(new Error('no memory')) });
    const chosen = await chooseEngine('auto', [broken.engine, fake('cpu', works('plain')).engine]);
    expect(chosen.name).toBe('cpu');
    expect(chosen.passedOver).toEqual([{ name: 'xcp', reason: 'no memory' }]);
  });

  it('never takes another engine than the one asked for', async () => {
    const engines = [fake('cuda', fails('finds no CUDA device')).engine, fake('cpu', works('plain')).engine];
    await expect(chooseEngine('cuda', engines)).rejects.toThrow(
      'engine: must be one that works here, received "cuda" (cuda: finds no CUDA device); use "auto" to take the best there is',
    );
    await expect(chooseEngine('cpu', engines)).resolves.toMatchObject({ name: 'cpu', passedOver: [] });
    await expect(chooseEngine('node', engines)).rejects.toThrow('there is no such engine in this runtime');
  });

  it('lets an engine know when it is insisted on', async () => {
    const cpu = fake('cpu', works('plain'));
    await chooseEngine('auto', [cpu.engine]);
    await chooseEngine('cpu', [cpu.engine]);
    expect(cpu.probed.map((wish) => wish?.insisted)).toEqual([false, true]);
  });

  describe('with a device', () => {
    it('takes an engine that has devices, and tells it which', async () => {
      const cuda = fake('cuda', works('GPU'), { hasDevices: true });
      const chosen = await chooseEngine('auto', [fake('xcp', works('avx2')).engine, cuda.engine], {
        device: 1,
      });
      expect(chosen).toEqual({
        name: 'cuda',
        detail: 'GPU',
        device: 1,
        passedOver: [{ name: 'xcp', reason: 'has no devices to choose from' }],
      });
      expect([...cuda.probed, ...cuda.activated].map((wish) => wish?.device)).toEqual([1, 1]);
      expect(describeEngine(chosen)).toContain('cuda (GPU, device 1)');
    });

    it('gives an error where no engine has one', async () => {
      const cpu = fake('cpu', works('plain'));
      for (const choice of ['auto', 'cpu'] as const) {
        const error = await chooseEngine(choice, [cpu.engine], { device: 0 }).catch((caught) => caught);
        expect(error).toBeInstanceOf(EngineError);
        expect(error.message).toContain('cpu: has no devices to choose from');
      }
      expect(cpu.probed).toEqual([]);
    });

    it.each([-1, 1.5, Number.NaN])('rejects %d', async (device) => {
      await expect(chooseEngine('auto', [fake('cpu', works('')).engine], { device })).rejects.toThrow(
        `engine: \`device\` must be an index from 0 on, received ${device}`,
      );
    });
  });
});
