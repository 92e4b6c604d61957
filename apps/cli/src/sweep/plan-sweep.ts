import { createHash } from 'node:crypto';
import { merge, settingsOf } from '../config/merge';
import { checkConfig, resolveConfig } from '../config/resolve';
import type { RunConfig } from '../config/run-config';
import { getPreset } from '../presets';
import { checkRunConfig } from '../training/check-run-config';
import { random } from './random';
import type { Range, SweepSpec } from './sweep-spec';

/** One run of a sweep. */
export interface PlannedRun {
  /** The name of its folder: a hash of its configuration. */
  id: string;
  /** What sets it apart, by dotted keys. */
  settings: Record<string, unknown>;
  config: RunConfig;
}

/**
 * The runs of a sweep, each once, in the order of the grid or of the draws; a pure function of the sweep.
 *
 * @throws UserError where one of them has a configuration that is not valid, before any is begun.
 */
export function planSweep(spec: SweepSpec): PlannedRun[] {
  const base = resolveConfig(getPreset(spec.preset).config, [], spec.config);
  const all = spec.grid ? combinations(spec.grid) : draws(spec.random!);
  const runs = new Map<string, PlannedRun>();
  for (const settings of all) {
    const stated = Object.entries(settings).map(([key, value]) => ({ path: key.split('.'), value }));
    const config = checkConfig(
      merge(
        base,
        stated.flatMap(({ path, value }) => expanded(path, value)),
      ),
    );
    checkRunConfig(config);
    const id = idOf(config);
    if (!runs.has(id)) runs.set(id, { id, settings, config });
  }
  return [...runs.values()];
}

/** A whole section as the settings it is made of, so that it is laid over what is there. */
const expanded = (path: string[], value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? settingsOf(value, path)
    : [{ path, value }];

/** What a run computes, without its name: so that a sweep that was widened finds what it has done. */
function idOf({ name: _, ...config }: RunConfig): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(config)))
    .digest('hex')
    .slice(0, 12);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, child]) => [key, sorted(child)]),
  );
}

function combinations(grid: Record<string, readonly unknown[]>): Record<string, unknown>[] {
  return Object.entries(grid).reduce<Record<string, unknown>[]>(
    (runs, [key, values]) => runs.flatMap((run) => values.map((value) => ({ ...run, [key]: value }))),
    [{}],
  );
}

function draws({ runs, seed, space }: NonNullable<SweepSpec['random']>): Record<string, unknown>[] {
  return Array.from({ length: runs }, (_, run) =>
    Object.fromEntries(
      Object.entries(space).map(([key, choices]) => [key, drawn(choices, random(seed, run, key))]),
    ),
  );
}

/** A value of a list or a range, by a number from 0 to 1. */
function drawn(choices: readonly unknown[] | Range, share: number): unknown {
  if ('min' in choices) return inRange(choices, share);
  return choices[Math.floor(share * choices.length)];
}

function inRange({ min, max, log, integer }: Range, share: number): number {
  // An integer has its chance from half below it to half above.
  const [low, high] = integer ? [min - 0.5 * (log ? 0 : 1), max + 0.5 * (log ? 0 : 1)] : [min, max];
  const value = log ? low * (high / low) ** share : low + (high - low) * share;
  return integer ? Math.max(min, Math.min(max, Math.round(value))) : Number(value.toPrecision(4));
}
