/** What a measurement of speed works on. */
export interface Measured {
  /** Side of the input in pixels. */
  size: number;
  /** Images at a time. */
  batch: number;
  classes: number;
  /** Seconds after which enough is known. */
  seconds: number;
  signal: AbortSignal;
}
