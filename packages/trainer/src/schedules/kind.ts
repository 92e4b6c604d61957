import type { Progress } from './progress';
import type { ValueNames } from './quantity';
import type { Reader } from './reader';

/** One kind of schedule: how it is read from a configuration, and what it says at a point of a run. */
export interface Kind<Given extends { name: string }> {
  /** Its keys that are values, and the others beside `name`. */
  values: readonly (keyof ValueNames)[];
  keys?: readonly string[];
  /** Whether it is drawn over the length of the run, so that another length is another schedule. */
  spansRun?: boolean;
  resolve(read: Reader): Required<Given>;
  /** A pure function of both. */
  at(schedule: Required<Given>, progress: Progress): number;
}
