import { cpuEngine, type Engine } from '@xcp/backend/engines';
import { expect, it } from 'vitest';
import { json, services, trainArgs, xcp } from '../testing/harness';
import { chooseEngine } from './choose-engine';

const broken: Engine = {
  name: 'xcp',
  probe: async () => ({ available: false, reason: 'its native addon is damaged' }),
  activate: async () => {},
};

it('says once why an engine is passed over, and keeps it with the run', async () => {
  const using = { ...services(), engines: [broken, cpuEngine] };
  const { code, out, err } = await xcp(trainArgs('run'), {}, using);
  expect(code).toBe(0);
  const said = `${out}${err}`.split('passed over xcp: its native addon is damaged');
  expect(said).toHaveLength(2);
  expect(json('run', 'config.json').engine).toEqual({
    name: 'cpu',
    detail: 'plain JavaScript',
    passedOver: [{ name: 'xcp', reason: 'its native addon is damaged' }],
  });
});

it('an engine that is insisted on is not replaced', async () => {
  await expect(chooseEngine({ engine: 'xcp' }, [broken, cpuEngine])).rejects.toThrow(
    '--engine xcp: not available (xcp: its native addon is damaged); use --engine auto to take the best there is',
  );
  await expect(chooseEngine({ engine: 'auto' }, [broken])).rejects.toThrow(
    /^--engine auto: not available \(xcp: its native addon is damaged\)$/,
  );
});
