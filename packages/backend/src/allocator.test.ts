import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Allocator } from './allocator';

const MIB = 2 ** 20;

/** Memory that is only addresses. */
function fakeSource() {
  let next = 2 ** 32;
  const chunks = new Map<number, number>();
  return {
    chunks,
    refusal: 'the system refused more',
    reserve(bytes: number) {
      const address = next;
      next += bytes + 4096;
      chunks.set(address, bytes);
      return address;
    },
    release(address: number) {
      chunks.delete(address);
    },
  };
}

describe('Allocator', () => {
  it('never hands out the same bytes twice, keeps its count, and gives everything back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ size: fc.integer({ min: 0, max: 3 * MIB }), free: fc.nat() }), {
          maxLength: 200,
        }),
        (steps) => {
          const source = fakeSource();
          const allocator = new Allocator(source, Number.MAX_SAFE_INTEGER);
          const live: { address: number; size: number }[] = [];
          for (const { size, free } of steps) {
            const address = allocator.allocate(size);
            expect(address % 64).toBe(0);
            const end = address + Math.max(size, 1);
            expect(
              [...source.chunks].some(([start, bytes]) => address >= start && end <= start + bytes),
            ).toBe(true);
            expect(
              live.every(
                (other) => end <= other.address || other.address + Math.max(other.size, 1) <= address,
              ),
            ).toBe(true);
            live.push({ address, size });
            if (free % 2) allocator.release(live.splice(free % live.length, 1)[0]!.address);
          }
          for (const { address } of live) allocator.release(address);
          expect(allocator.use().inUse).toBe(0);
          allocator.trim();
          expect(allocator.use().held).toBe(0);
          expect(source.chunks.size).toBe(0);
        },
      ),
    );
  });

  it('uses the same memory again', () => {
    const source = fakeSource();
    const allocator = new Allocator(source, 1024 * MIB);
    for (let i = 0; i < 1000; i++) allocator.release(allocator.allocate(20 * MIB));
    expect(source.chunks.size).toBe(1);
    expect(allocator.use()).toEqual({ inUse: 0, held: 32 * MIB, peak: 20 * MIB });
  });

  it('says what was asked and held when the limit is reached, and stays usable', () => {
    const allocator = new Allocator(fakeSource(), 100 * MIB);
    const first = allocator.allocate(60 * MIB);
    expect(() => allocator.allocate(50 * MIB)).toThrow(
      /asked for 50.0 MiB with 60.0 MiB in use .* limit 100.0 MiB/,
    );
    allocator.release(first);
    expect(allocator.allocate(90 * MIB)).toBeGreaterThan(0);
  });

  it('reports memory that the system refuses', () => {
    const allocator = new Allocator(
      { reserve: () => 0, release() {}, refusal: 'the system refused more' },
      100 * MIB,
    );
    expect(() => allocator.allocate(1)).toThrow('the system refused more');
  });
});
