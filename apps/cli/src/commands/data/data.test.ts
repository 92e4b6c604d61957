import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import type { Services } from '../../services';
import { home, read, services, xcp } from '../../testing/harness';
import { tinyCifar10 } from '../../testing/tiny-cifar10';

/** The same services, but for a file that is not as it must be. */
const damaged = (): Services => ({
  ...services(),
  verifyCifar10: async ({ directory = '' } = {}) => [
    { name: 'a.bin', path: join(directory, 'a.bin'), state: 'proved', fault: null },
    { name: 'b.bin', path: join(directory, 'b.bin'), state: 'damaged', fault: 'must be 3 bytes, received 2' },
    { name: 'c.bin', path: join(directory, 'c.bin'), state: 'missing', fault: null },
  ],
});

describe('xcp data get', () => {
  it('loads the data and says where it is', async () => {
    const { code, out } = await xcp(['data', 'get', '--cache-dir', 'here']);
    expect(code).toBe(0);
    expect(out).toContain('50 training images, 20 test');
    expect(out).toContain(join(home, 'here'));
    const { out: document } = await xcp(['data', 'get', '--cache-dir', 'here', '--json']);
    expect(JSON.parse(document)).toEqual({ train: 50, test: 20, cacheDir: join(home, 'here') });
  });

  it('says that a folder is read where it lies', async () => {
    const { code, out } = await xcp(['data', 'get', '--data', 'mine', '--cache-dir', 'here'], {}, damaged());
    expect(code).toBe(0);
    expect(out).toContain(`read    ${join(home, 'mine')}, where it lies`);
  });

  it('passes the source on, and ends with its error', async () => {
    const loadCifar10: Services['loadCifar10'] = async (options) => {
      throw new Error(`no ${String(options?.source)}`);
    };
    const { code, err } = await xcp(['data', 'get', '--data', 'npm'], {}, { ...services(), loadCifar10 });
    expect([code, err]).toEqual([1, 'no npm\n']);
  });
});

describe('xcp data verify', () => {
  it('says that all files are proved', async () => {
    const { code, out } = await xcp(['data', 'verify', 'there']);
    expect(code).toBe(0);
    expect(out).toContain(join(home, 'there'));
    expect(out).toContain('All files are proved.');
  });

  it('names those that are not, and ends with 1', async () => {
    const { code, out } = await xcp(['data', 'verify', 'there'], {}, damaged());
    expect(code).toBe(1);
    expect(out).toContain(
      '  a.bin  proved\n  b.bin  damaged: it must be 3 bytes, received 2\n  c.bin  missing\n',
    );
    expect(out).toContain('2 of 3 files are not proved; xcp data get fetches them');
    const { out: document, code: again } = await xcp(['data', 'verify', '--json'], {}, damaged());
    expect(again).toBe(1);
    expect(JSON.parse(document)).toMatchObject({ proved: false, files: [{}, { state: 'damaged' }, {}] });
  });
});

describe('xcp data info', () => {
  it('tells counts, statistics, hashes and the place', async () => {
    const { code, out } = await xcp(['data', 'info', 'there'], { isTTY: false });
    expect(code).toBe(0);
    expect(out).toContain('images of 32×32×3 bytes in 10 classes');
    expect(out).toMatch(/airplane +│? *5 +│? *2/);
    expect(out).toContain(join(home, 'there'));
    expect(out).toContain('8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b');
    const { train, test, files, classNames } = JSON.parse((await xcp(['data', 'info', '--json'])).out);
    expect(train).toMatchObject({ images: 50, perClass: new Array(10).fill(5) });
    expect(test.mean).toHaveLength(3);
    expect(files).toHaveLength(6);
    expect(classNames).toEqual(tinyCifar10.classNames);
  });

  it('fetches nothing where a file is not proved', async () => {
    const { code, err } = await xcp(['data', 'info', 'there'], {}, damaged());
    expect(code).toBe(1);
    expect(err).toContain(`${join(home, 'there', 'b.bin')} must be 3 bytes, received 2; xcp data get`);
  });
});

describe('xcp data sample', () => {
  const sheet = (file: string) => decode(read(file));
  const pixel = ({ data, width }: ReturnType<typeof sheet>, x: number, y: number) => [
    ...data.slice((y * width + x) * 3, (y * width + x) * 3 + 3),
  ];

  it('writes a row of images for each class, and says in which order', async () => {
    const { code, out } = await xcp(['data', 'sample', '--columns', '3', '--scale', '2', '--out', 'a.png']);
    expect(code).toBe(0);
    expect(out).toContain('a.png  196×651 pixels, 3 images of each class (train)');
    expect(out).toContain('rows    airplane, automobile, bird');
    const { out: document } = await xcp(['data', 'sample', '--columns', '3', '--json', '--out', 'b.png']);
    const { indices } = JSON.parse(document);
    expect(read('b.png').equals(read('a.png'))).toBe(true);

    const { images, labels } = tinyCifar10.train;
    indices.forEach((index: number, n: number) => {
      expect(labels[index]).toBe(Math.floor(n / 3));
      const [left, top] = [(n % 3) * 65 + 1, Math.floor(n / 3) * 65 + 1];
      const at = (index * 1024 + 5 * 32 + 7) * 3;
      for (const [dx, dy] of [
        [14, 10],
        [15, 11],
      ] as const) {
        expect(pixel(sheet('a.png'), left + dx, top + dy)).toEqual([...images.slice(at, at + 3)]);
      }
    });
    expect(pixel(sheet('a.png'), 0, 0)).toEqual([255, 255, 255]);
  });

  it('draws others by another seed, and varies them on request', async () => {
    const draw = async (out: string, ...more: string[]) => {
      expect(await xcp(['data', 'sample', '--columns', '2', '--out', out, ...more])).toMatchObject({
        code: 0,
        err: '',
      });
      return read(out).toString('base64');
    };
    const plain = await draw('plain.png');
    expect(await draw('seed.png', '--seed', '1')).not.toBe(plain);
    const varied = ['--augment', 'crop.padding=4', '--augment', 'crop.mode=zero', '--augment', 'flip=random'];
    const first = await draw('varied.png', ...varied);
    expect(first).not.toBe(plain);
    expect(await draw('again.png', ...varied)).toBe(first);
    expect(await draw('epoch.png', ...varied, '--epoch', '1')).not.toBe(first);
  });

  it('covers what is cut out with the mean, as it is in training', async () => {
    await xcp(['data', 'sample', '--columns', '2', '--scale', '1', '--augment', 'cutout.size=80']);
    expect(pixel(sheet('sheet.png'), 10, 10)).toEqual([125, 123, 114]);
  });

  it.each([
    [['--columns', '5'], '`--columns` must be below the 5 images of a class, received 5'],
    [['--columns', '0'], 'It must be an integer from 1 to 100.'],
    [['--augment', 'flip=always'], "`flip` must be 'random' or 'alternating'"],
    [['--augment', 'flop=1'], 'unknown option `flop`; did you mean `flip`?'],
    [['--augment', 'flip'], '--augment: must be key=value'],
  ])('rejects %j and writes nothing', async (args, message) => {
    const { code, err } = await xcp(['data', 'sample', '--columns', '2', ...args]);
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(existsSync(join(home, 'sheet.png'))).toBe(false);
  });
});
