import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pickle, pickleArray, pickleBytes, pickleDict, pickleInt, pickleList } from '../fake-pickle';
import { readPickle } from './read-pickle';
import { ByteArray, textOf } from './values';

const latin1 = (letters: string) => Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
const data = Uint8Array.of(1, 2, 3, 4, 5, 6);

describe('readPickle', () => {
  it('reads dictionaries, lists, numbers, strings and arrays of bytes', () => {
    const value = readPickle(
      pickle(
        pickleDict({
          data: pickleArray([2, 3], data),
          labels: pickleList([0, 255, 65_535, -1].map(pickleInt)),
          filenames: pickleList([pickleBytes(latin1('a.png')), pickleBytes(new Uint8Array(300))]),
        }),
      ),
    ) as Map<string, never>;
    expect([...value.keys()]).toEqual(['data', 'labels', 'filenames']);
    expect(value.get('labels')).toEqual([0, 255, 65_535, -1]);
    expect(textOf(value.get('filenames')![0]!)).toBe('a.png');
    const array = value.get('data')! as ByteArray;
    expect(array).toBeInstanceOf(ByteArray);
    expect([array.shape, array.isFortran, [...array.data]]).toEqual([[2, 3], false, [...data]]);
  });

  it('remembers and recalls, and knows the shorter opcodes and those of protocol 1', () => {
    expect(
      readPickle(latin1('U\x01aq\x00](h\x00j\x00\x00\x00\x00K\x07M\x00\x01N\x88\x89I12\nI01\ne.')),
    ).toEqual([latin1('a'), latin1('a'), 7, 256, null, true, false, 12, true]);
    expect(readPickle(latin1('}U\x01aK\x05s.'))).toEqual(new Map([['a', 5]]));
  });

  // What Python makes of each of these stands beside it.
  it.each([
    ['a command', 'cos\nsystem\nU\x02idq\x01\x85R.', 'asks for "os system"'],
    ['any other name of numpy', 'cnumpy\nload\n.', 'asks for "numpy load"'],
    ['a builtin', 'c__builtin__\neval\nU\x011\x85R.', 'asks for "__builtin__ eval"'],
    ['a call of what is no name', 'K\x01K\x02\x85R.', 'it calls 1'],
    ['an instance', 'ios\nsystem\n.', 'the opcode 0x69 is none'],
    ['a name from the stack', 'U\x02osU\x06system\x93.', 'the opcode 0x93 is none'],
    ['an object made by its class', 'cnumpy\nndarray\n)\x81.', 'the opcode 0x81 is none'],
    ['a persistent object', 'P1\n.', 'the opcode 0x50 is none'],
    ['another protocol', '\x80\x04.', 'its protocol must be 1 or 2, received 4'],
    [
      'numbers that are not bytes',
      'cnumpy\ndtype\nU\x02f4K\x00K\x01\x87R.',
      'unsigned bytes ("u1"), received "f4"',
    ],
    ['a state of a number', 'K\x01)b.', 'sets the state of 1 to a tuple'],
  ])('executes nothing: %s is an error', (_, letters, message) => {
    expect(() => readPickle(latin1(letters))).toThrow(message);
  });

  it.each([
    ['nothing', ''],
    ['no end', 'K\x01'],
    ['no value', '.'],
    ['a mark that is missing', ']e.'],
    ['a value beyond a mark', 'K\x01(\x85.'],
    ['a string that is longer than the file', 'T\xff\xff\xff\x7fab.'],
    ['a string of negative length', 'T\xff\xff\xff\xffab.'],
    ['something that nothing is remembered for', 'h\x05.'],
    ['an item of no list', 'K\x01K\x02a.'],
    ['a key without a value', '}(K\x01u.'],
    ['a key that is a number', '}K\x01K\x02s.'],
    ['a line without an end', 'I12'],
    ['a number that is none', 'Ix\n.'],
  ])('rejects %s', (_, letters) => {
    expect(() => readPickle(latin1(letters))).toThrow(/it is no pickle of CIFAR \(byte \d+\): /);
  });

  it('rejects an array whose shape does not fit its bytes', () => {
    expect(() => readPickle(pickle(pickleArray([2, 4], data)))).toThrow('2×4 must hold 8 bytes, received 6');
    expect(() => readPickle(pickle(pickleArray([-2, -3], data)))).toThrow('must be its shape, type, order');
    expect(() => readPickle(pickle(pickleArray([], data)))).toThrow('must be its shape, type, order');
  });

  it('ends with a value or an error for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          readPickle(bytes);
        } catch (error) {
          expect((error as Error).message).toMatch(/^it is no pickle of CIFAR/);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
