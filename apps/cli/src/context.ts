import type { Io } from './io';
import type { Services } from './services';

/** What every command works with. */
export interface Context {
  readonly io: Io;
  readonly services: Services;
  /** The command line, as it can be typed again. */
  readonly command: string;
  /** A command sets it where it ends neither well nor with an error. */
  exitCode: number;
}
