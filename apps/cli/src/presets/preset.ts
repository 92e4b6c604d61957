import type { RunConfigInput } from '../config/run-config';

/** A named configuration: what differs from the defaults, and what to expect of it. */
export interface Preset {
  readonly name: string;
  /** One paragraph: where the settings come from, and which of them are our own choice. */
  readonly description: string;
  readonly config: RunConfigInput;
}
