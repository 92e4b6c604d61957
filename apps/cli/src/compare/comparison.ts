import type { RunConfig } from '../config/run-config';
import type { ComparedRun } from './compared-run';
import { configDifferences, type Difference } from './config-differences';
import { type Sample, type Significance, sample, welch } from './seed-groups';

/** Runs of one configuration, but for the seed. */
export interface Group {
  runs: string[];
  accuracy: Sample;
}

export interface Comparison {
  differences: Difference[];
  /** Whose accuracy the groups are judged by: of the test where every run was tested. */
  metric: 'test' | 'validation';
  /** The best first; runs without a figure are in none. */
  groups: Group[];
  /** Every further group against the first; `undefined` where there are too few seeds to tell. */
  againstBest: (Significance | undefined)[];
}

/** What decides what a run is, besides chance and its name. */
const identity = ({ seed: _, name: __, ...rest }: RunConfig) => JSON.stringify(rest);

/** Lays runs beside each other. */
export function compare(runs: readonly ComparedRun[]): Comparison {
  const metric = runs.every(({ result }) => result?.test) ? 'test' : 'validation';
  const accuracyOf = ({ result, validation }: ComparedRun) =>
    metric === 'test' ? result!.test!.accuracy : validation;
  const byIdentity = new Map<string, ComparedRun[]>();
  for (const run of runs) {
    if (accuracyOf(run) === undefined) continue;
    const key = identity(run.record.config);
    byIdentity.set(key, [...(byIdentity.get(key) ?? []), run]);
  }
  const groups = [...byIdentity.values()]
    .map((members) => ({
      runs: members.map(({ name }) => name),
      accuracy: sample(members.map((run) => accuracyOf(run)!)),
    }))
    .sort((a, b) => b.accuracy.mean - a.accuracy.mean);
  const [best, ...others] = groups;
  return {
    differences: configDifferences(runs.map(({ record }) => record.config)),
    metric,
    groups,
    againstBest: others.map(({ accuracy }) => welch(best!.accuracy, accuracy)),
  };
}
