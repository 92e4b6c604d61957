import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Allocator } from './allocator';
import { OutOfMemoryError } from './out-of-memory';

const MIB = 2 ** 20;

/** Memory that is only addresses. */
function fakeSource() {
  let next = 2 ** 32;
  const chunks = new Map<number, number>();
  return {
    chunks,
    calls: 0,
    refusal: 'the system refused more',
    reserve(bytes: number) {
      this.calls++;
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
    expect(allocator.use()).toEqual({
      inUse: 0,
      cached: 32 * MIB,
      held: 32 * MIB,
      peak: 20 * MIB,
      scratch: 0,
      limit: 1024 * MIB,
    });
  });

  it('says what was asked and held when the limit is reached, and stays usable', () => {
    const allocator = new Allocator(fakeSource(), 100 * MIB);
    const first = allocator.allocate(60 * MIB);
    expect(() => allocator.allocate(50 * MIB)).toThrow(
      /asked for 50.0 MiB for a tensor with 60.0 MiB in use .* limit 100.0 MiB/,
    );
    allocator.release(first);
    expect(allocator.allocate(90 * MIB)).toBeGreaterThan(0);
  });

  it('reports memory that the system refuses', () => {
    const source = { reserve: () => 0, release: () => {}, refusal: 'the system refused more' };
    expect(() => new Allocator(source, 100 * MIB).allocate(1)).toThrow('the system refused more');
  });

  it('throws an error of its own class, with bytes', () => {
    const allocator = new Allocator(fakeSource(), 100 * MIB);
    allocator.allocate(60 * MIB);
    const attempt = () => allocator.allocate(50 * MIB);
    expect(attempt).toThrow(OutOfMemoryError);
    expect(attempt).toThrow(
      expect.objectContaining({
        requested: 50 * MIB,
        inUse: 60 * MIB,
        held: 60 * MIB,
        limit: 100 * MIB,
      }) as OutOfMemoryError,
    );
  });

  it('takes a small chunk where a large one would pass the limit', () => {
    const allocator = new Allocator(fakeSource(), 4 * MIB);
    allocator.allocate(3 * MIB);
    expect(allocator.use().held).toBe(3 * MIB);
  });

  it('asks the system again after it has given back what was cached', () => {
    let room = 64 * MIB;
    const sizes = new Map<number, number>();
    const source = {
      refusal: 'no more',
      reserve(bytes: number) {
        if (bytes > room) return 0;
        room -= bytes;
        sizes.set(64 * (sizes.size + 1), bytes);
        return 64 * sizes.size;
      },
      release(address: number) {
        room += sizes.get(address)!;
      },
    };
    const allocator = new Allocator(source, 1024 * MIB);
    allocator.release(allocator.allocate(MIB));
    expect(allocator.allocate(50 * MIB)).toBeGreaterThan(0);
    expect(allocator.use().held).toBe(50 * MIB);
  });

  it('gives kernels’ scratch memory back before it gives up', () => {
    let scratch = 80 * MIB;
    const source = Object.assign(fakeSource(), {
      scratchHeld: () => scratch,
      trimScratch() {
        scratch = 0;
      },
    });
    const allocator = new Allocator(source, 100 * MIB);
    allocator.allocate(90 * MIB);
    expect(allocator.use()).toMatchObject({ held: 90 * MIB, scratch: 0 });
  });

  it('counts the peak anew on request', () => {
    const allocator = new Allocator(fakeSource(), 1024 * MIB);
    const kept = allocator.allocate(10 * MIB);
    allocator.release(allocator.allocate(20 * MIB));
    expect(allocator.use().peak).toBe(30 * MIB);
    allocator.resetPeak();
    expect(allocator.use().peak).toBe(10 * MIB);
    allocator.release(kept);
  });
});

describe('the cache', () => {
  /** Sizes that a step asks for, held until its end, as activations are. */
  const step = (allocator: Allocator, sizes: readonly number[]) => {
    const addresses = sizes.map((size) => allocator.allocate(size));
    for (const address of addresses) allocator.release(address);
  };

  it('costs a loop whose steps repeat no call to the system, however they mix sizes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 100 * MIB }), { minLength: 1, maxLength: 60 }),
        fc.array(fc.integer({ min: 1, max: 100 * MIB }), { minLength: 1, maxLength: 60 }),
        (forward, backward) => {
          const source = fakeSource();
          const allocator = new Allocator(source, Number.MAX_SAFE_INTEGER);
          const run = () => {
            step(allocator, forward);
            step(allocator, backward);
          };
          for (let i = 0; i < 20; i++) run();
          const { calls } = source;
          for (let i = 0; i < 20; i++) run();
          expect(source.calls).toBe(calls);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('is no larger than what was lately in use at once, and a spare', () => {
    const allocator = new Allocator(fakeSource(), Number.MAX_SAFE_INTEGER);
    // Each a little larger than the last: none fits where another was.
    for (let size = 33; size < 200; size++) step(allocator, [size * MIB]);
    expect(allocator.use().held).toBeLessThanOrEqual((2 * 199 + 64) * MIB);
  });

  it('gives back what many allocations did not touch', () => {
    const allocator = new Allocator(fakeSource(), Number.MAX_SAFE_INTEGER);
    step(allocator, Array(20).fill(32 * MIB));
    expect(allocator.use().held).toBe(640 * MIB);
    for (let i = 0; i < 40_000; i++) step(allocator, [1000]);
    expect(allocator.use().held).toBe(32 * MIB);
  });
});
