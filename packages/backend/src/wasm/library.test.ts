import { afterAll, describe, expect, it } from 'vitest';
import type { Library } from '../library';
import { values } from '../testing/values';
import { loadWasm } from '../wasm-node';

const SIZE = 150;
const BYTES = SIZE * SIZE * 4;
const libraries = [1, 2, 3].map((threads) => loadWasm({ threads }));
afterAll(() => libraries.forEach((library) => void library.dispose()));

/** The bits of the product of two matrices of `SIZE`, enough for several tasks. */
function multiply(library: Library): string {
  const [a, b, c] = [library.reserve(BYTES), library.reserve(BYTES), library.reserve(BYTES)];
  library.write(a, values(SIZE * SIZE, 1));
  library.write(b, values(SIZE * SIZE, 2));
  library.call('matmul', a, b, 0, c, 0, 1, SIZE, SIZE, SIZE, 0, 0, 0, 0);
  const product = new Float32Array(SIZE * SIZE);
  library.read(c, product);
  for (const address of [a, b, c]) library.release(address);
  return Buffer.from(product.buffer).toString('base64');
}

/** Lets workers that are just starting take part. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('the wasm library', () => {
  it('gives the same bits for any number of threads', async () => {
    const expected = multiply(libraries[0]!);
    for (let round = 0; round < 60; round++) {
      for (const library of libraries) expect(multiply(library)).toBe(expected);
      if (round % 10 === 0) await pause();
    }
  });

  it('goes on after a kernel failed, on whatever thread', async () => {
    for (const library of libraries) {
      const expected = multiply(library);
      for (let round = 0; round < 20; round++) {
        // Behind the end of the memory: every task of the kernel traps.
        expect(() => library.call('fill', 2 ** 32 - 2 ** 22, 2 ** 20, 1, 4)).toThrow();
        expect(multiply(library)).toBe(expected);
        if (round % 5 === 0) await pause();
      }
    }
  });

  it('uses released memory again and merges it', () => {
    const library = libraries[1]!;
    const MIB = 2 ** 20;
    const pieces = [50, 50, 50].map((mib) => library.reserve(mib * MIB));
    expect(new Set(pieces).size).toBe(3);
    for (const address of pieces) expect(address % 64).toBe(0);
    for (const address of pieces) library.release(address);
    const first = Math.min(...pieces);
    for (let i = 0; i < 100; i++) {
      const address = library.reserve(150 * MIB);
      expect(address).toBeLessThanOrEqual(first);
      library.release(address);
    }
  });

  it('answers 0 where a wasm memory cannot grow any more, and goes on', () => {
    const library = libraries[2]!;
    for (const bytes of [2 ** 32 - 2 ** 16, 2 ** 32 - 1, 2 ** 32, 2 ** 40]) {
      expect(library.reserve(bytes)).toBe(0);
    }
    expect(multiply(library)).toBe(multiply(libraries[0]!));
  });

  it('refuses kernels that it lacks and too many arguments', () => {
    const library = libraries[0]!;
    expect(() => library.call('nothing')).toThrow('no kernel is named `nothing`');
    expect(() => library.callWith('fill', new Array(2 ** 16 + 1).fill(0))).toThrow(
      'fill: at most 65536 arguments, received 65537',
    );
  });
});
