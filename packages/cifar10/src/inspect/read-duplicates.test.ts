import { describe, expect, it } from 'vitest';
import { readDuplicates } from '../index';

const HEAD = 'TestID,TrainID,Distance,Judgment';

describe('readDuplicates', () => {
  it('gives the test images in order, each once', () => {
    const csv = `${HEAD}\r\n6611,49007,0.0761,1\r\n159,25768,0.0766,1\r\n6611,3,0.1,2\r\n\r\n`;
    expect(readDuplicates(csv)).toEqual(Uint32Array.of(159, 6611));
    expect(readDuplicates(`${HEAD}\n`)).toEqual(new Uint32Array(0));
  });

  it.each([
    ['<html>', 'the first line must name a column `TestID`, received "<html>"'],
    ['', 'received ""'],
    [`${HEAD}\n1,2,3,0\n10000,2,3,0`, 'must be an integer from 0 to 9999, received "10000" in line 3'],
    [`${HEAD}\n,2,3,0`, 'received "" in line 2'],
    [`${HEAD}\n1.5,2,3,0`, 'received "1.5" in line 2'],
  ])('rejects %j', (csv, message) => {
    expect(() => readDuplicates(csv)).toThrow(message);
  });
});
