import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pickle, pickleArray, pickleBytes, pickleDict, pickleInt, pickleList } from '../fake-pickle';
import { batchToRecords, planesOf, readBatch } from './batch-records';

const planes = (count: number) => new Uint8Array(count * 3072).map((_, i) => i * 31 + (i >> 9));
const labelList = (...labels: number[]) => pickleList(labels.map(pickleInt));
const batch = (entries: Record<string, Uint8Array>) => pickle(pickleDict(entries));
const data = pickleArray([2, 3072], planes(2));

describe('batchToRecords', () => {
  it('makes a record of each label and row', () => {
    const records = batchToRecords('batch', batch({ labels: labelList(7, 3), data }));
    expect(records.length).toBe(2 * 3073);
    expect([records[0], records[3073]]).toEqual([7, 3]);
    expect(records.subarray(1, 3073)).toEqual(planes(2).subarray(0, 3072));
    expect(records.subarray(3074)).toEqual(planes(2).subarray(3072));
  });

  it('reads several lists of labels', () => {
    const { labels } = readBatch('batch', batch({ fine: labelList(80, 1), coarse: labelList(9, 0), data }), [
      'coarse',
      'fine',
    ]);
    expect(labels).toEqual([
      [9, 0],
      [80, 1],
    ]);
  });

  it('knows both orders of the bytes of an array', () => {
    const { data: array } = readBatch('batch', batch({ data }), []);
    expect([...planesOf(array, 1)]).toEqual([...planes(2).subarray(3072)]);
    array.isFortran = true;
    expect([...planesOf(array, 1)]).toEqual([...planes(2).filter((_, i) => i % 2 === 1)]);
  });

  it.each([
    ['no dictionary', pickle(pickleInt(1)), 'must be a dictionary, received 1'],
    ['no images', batch({ labels: labelList(1) }), '`data` must be an array, received undefined'],
    [
      'images that are a string',
      batch({ data: pickleBytes(planes(1)) }),
      'must be an array, received a string',
    ],
    ['another shape', batch({ data: pickleArray([3072], planes(1)) }), 'images×3072, received 3072'],
    ['images of another size', batch({ data: pickleArray([4, 768], planes(1)) }), 'received 4×768'],
    ['no labels', batch({ data }), '`labels` must be a list of 2 labels, received undefined'],
    ['too few labels', batch({ data, labels: labelList(1) }), 'a list of 2 labels, received 1'],
    ['a label that is no byte', batch({ data, labels: labelList(1, 256) }), 'must hold bytes, received 256'],
    ['a label below zero', batch({ data, labels: labelList(-1, 2) }), 'must hold bytes, received -1'],
  ])('rejects %s and names the batch', (_, bytes, message) => {
    expect(() => batchToRecords('batch', bytes)).toThrow(message);
    expect(() => batchToRecords('batch', bytes)).toThrow(/^batch: /);
  });

  it('gives records of the right size or an error where bytes are altered', () => {
    const whole = batch({ labels: labelList(7, 3), data });
    // Where no image is, so that nearly every change hits something that counts.
    const places = fc.oneof(
      fc.nat(200),
      fc.nat(40).map((i) => whole.length - 1 - i),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(places, fc.nat(255)), { minLength: 1, maxLength: 3 }), (changes) => {
        const altered = Buffer.from(whole);
        for (const [place, byte] of changes) altered[place] = byte;
        try {
          expect(batchToRecords('batch', altered).length).toBe(2 * 3073);
        } catch (error) {
          expect((error as Error).message).toMatch(/^batch: /);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
