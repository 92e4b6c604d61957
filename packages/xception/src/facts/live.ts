/** The memory of one tensor, whatever its names: how many numbers of it there are for one example. */
export interface Data {
  readonly size: number;
}

/** What is in memory: each piece of data once, for as long as somebody holds it. */
export class Live {
  private readonly holders = new Map<Data, number>();
  /** Numbers in memory for one example. */
  size = 0;

  hold(...pieces: Data[]): void {
    for (const data of pieces) {
      const holders = this.holders.get(data) ?? 0;
      if (holders === 0) this.size += data.size;
      this.holders.set(data, holders + 1);
    }
  }

  release(...pieces: Data[]): void {
    for (const data of pieces) {
      const holders = this.holders.get(data)! - 1;
      this.holders.set(data, holders);
      if (holders === 0) this.size -= data.size;
    }
  }
}
