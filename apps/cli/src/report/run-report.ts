import type { Diagnosis } from '@xcp/trainer';
import type { MetricsRow } from '@xcp/trainer/node';
import type { RunRecord } from '../run-folder/run-record';
import type { RunResult } from '../run-folder/run-result';
import type { Mistake } from './mistake';

/** All that a report tells of a run. */
export interface RunReport {
  /** The folder, as the user types it. */
  name: string;
  /** What the user types to start this program. */
  program: string;
  record: RunRecord;
  rows: readonly MetricsRow[];
  /** Where the run has come to its end. */
  result?: RunResult | undefined;
  /** What the curves say. */
  diagnosis: readonly Diagnosis[];
  mistakes: readonly Mistake[];
}
