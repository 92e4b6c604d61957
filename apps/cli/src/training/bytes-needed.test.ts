import { expect, it } from 'vitest';
import { resolveConfig } from '../config/resolve';
import { bytesNeeded } from './bytes-needed';

it.each([
  ['sgd', [], 2],
  ['rmsprop', [], 3],
  ['adam', [], 3],
  ['adamw', [], 3],
  ['muon', [], 2],
  ['sgd', ['ema={}'], 3],
] as const)(
  'a run with %s %j needs %i numbers per weight in each of 4 checkpoints and 1 in each of 2 exports',
  (name, sets, numbers) => {
    const config = resolveConfig({}, [`optimizer.name=${name}`, ...sets]);
    expect(bytesNeeded(1000, 400, config)).toBe(1000 * 4 * (numbers * 4 + 2));
  },
);
