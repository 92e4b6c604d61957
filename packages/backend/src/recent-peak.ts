/** The most that a quantity was within the last one to two windows of readings. */
export class RecentPeak {
  private readings = 0;
  private current = 0;
  private previous = 0;

  /** @param window readings in a window */
  constructor(private readonly window: number) {}

  note(value: number): void {
    if (++this.readings % this.window === 0) {
      this.previous = this.current;
      this.current = value;
    } else if (value > this.current) {
      this.current = value;
    }
  }

  get value(): number {
    return Math.max(this.current, this.previous);
  }
}
