import type { PickleValue } from './values';

/** The stack of values, with its marks and its memo, that a pickle's opcodes work on. */
export class Machine {
  private readonly stack: PickleValue[] = [];
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, PickleValue>();

  push(value: PickleValue): void {
    this.stack.push(value);
  }

  pop(): PickleValue {
    if (this.stack.length <= (this.marks.at(-1) ?? 0)) throw new Error('a value is missing');
    return this.stack.pop()!;
  }

  /** The last `count` values, in the order in which they came. */
  popMany(count: number): PickleValue[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  top(): PickleValue {
    const value = this.stack.at(-1);
    if (value === undefined) throw new Error('a value is missing');
    return value;
  }

  mark(): void {
    this.marks.push(this.stack.length);
  }

  /** All values since the last mark. */
  popMark(): PickleValue[] {
    const start = this.marks.pop();
    if (start === undefined) throw new Error('a mark is missing');
    return this.stack.splice(start);
  }

  remember(key: number): void {
    this.memo.set(key, this.top());
  }

  recall(key: number): void {
    const value = this.memo.get(key);
    if (value === undefined) throw new Error(`nothing is remembered as ${key}`);
    this.push(value);
  }
}
