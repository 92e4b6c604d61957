// @xcp/cifar10 in a project that has nothing else: its arithmetic, its loader against a server of this machine, and the
// real data set where it lies in the cache.
import assert from 'node:assert';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { batches, CIFAR10_FILES, decodeRecords, encodeRecords, split } from '@xcp/cifar10';
import { defaultCacheDir, loadCifar10 } from '@xcp/cifar10/node';

const records = new Uint8Array(20 * 3073).map((_, i) => (i % 3073 === 0 ? (i / 3073) % 10 : i * 7));
const set = decodeRecords(records);
assert.deepEqual(encodeRecords(set), records);
const parts = split(set, { share: 0.5, seed: 1 });
assert.equal(parts.train.length + parts.validation.length, 20);
assert.equal([...batches(set, { batchSize: 8, seed: 1 })].length, 3);

/** A tar archive with one file, written by hand so that nothing else need be installed. */
function tar(name, content) {
  const header = Buffer.alloc(512);
  header.write(name);
  header.write('0000644\0', 100);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([header, content, padding, Buffer.alloc(1024)]);
}

const cacheDir = mkdtempSync(join(tmpdir(), 'xcp-alone-'));
const archive = gzipSync(tar('cifar-10-batches-bin/data_batch_1.bin', Buffer.from(records)));
const server = createServer((_, response) => response.end(archive));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const source = `http://127.0.0.1:${server.address().port}/archive.tar.gz`;
// It is downloaded, unpacked and refused: these are not the images that were published.
await Promise.all(
  [1, 2].map(() =>
    assert.rejects(
      loadCifar10({ source, cacheDir }),
      /data_batch_1\.bin must be 30730000 bytes, received 61460/,
    ),
  ),
);
assert.deepEqual(readdirSync(cacheDir), []);
rmSync(cacheDir, { recursive: true });
server.closeAllConnections();
server.close();

const isCached = CIFAR10_FILES.every(({ name }) => existsSync(join(defaultCacheDir(), name)));
if (isCached) {
  const { train, test } = await loadCifar10();
  assert.deepEqual([train.length, test.length], [50_000, 10_000]);
}
console.log(isCached ? 'with the real data set' : 'without the real data set, which is not in the cache');
