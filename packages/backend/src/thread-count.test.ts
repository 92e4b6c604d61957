import { describe, expect, it } from 'vitest';
import { threadCount } from './thread-count';

describe('threadCount', () => {
  it('is one for each processor', () => {
    expect(threadCount(undefined, {}, 6, undefined)).toBe(6);
    expect(threadCount(undefined, {}, 1000, undefined)).toBe(256);
  });

  it('heeds a smaller quota, down to one', () => {
    expect(threadCount(undefined, {}, 8, 3.9)).toBe(3);
    expect(threadCount(undefined, {}, 8, 0.5)).toBe(1);
    expect(threadCount(undefined, {}, 2, 64)).toBe(2);
  });

  it('prefers the option, then the environment', () => {
    expect(threadCount(undefined, { XCP_NUM_THREADS: '5' }, 2, 1)).toBe(5);
    expect(threadCount(7, { XCP_NUM_THREADS: '5' }, 2, 1)).toBe(7);
  });

  it.each(['0', '-1', '1.5', '257', 'many'])('rejects %s', (value) => {
    expect(() => threadCount(undefined, { XCP_NUM_THREADS: value }, 2, undefined)).toThrow(
      `must be a whole number from 1 to 256, received ${value}`,
    );
  });
});
