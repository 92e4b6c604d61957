import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chunks } from './chunks';

it('gives the same bytes in chunks of one size', () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 6 });
  fc.assert(
    fc.property(pieces, fc.integer({ min: 1, max: 12 }), (given, size) => {
      const taken = [...chunks(given, size)].length;
      const copies = Array.from(chunks(given, size), (chunk) => [...chunk]);
      const bytes = given.flatMap((piece) => [...piece]);
      expect(copies.flat()).toEqual(bytes);
      expect(taken).toBe(Math.ceil(bytes.length / size));
      expect(copies.slice(0, -1).every((chunk) => chunk.length === size)).toBe(true);
    }),
  );
});
