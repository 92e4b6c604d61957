// One contender of `pnpm bench --data`: decodes the records and makes the batches of an epoch, again and again.
import { readFileSync } from 'node:fs';
import { batches, batchSource, decodeRecords } from '@xcp/cifar10';
import { workerBatchSource } from '@xcp/cifar10/node';

const { records, size, batch, workers, epochs } = JSON.parse(process.argv[2]);
const bytes = readFileSync(records);
const resize = size === 32 ? {} : { size };
const augment = { shuffle: true, flip: 'random', crop: { padding: 4, mode: 'zero' } };
const options = { ...augment, ...resize, batchSize: batch, reuse: true };

const [plain] = batches(decodeRecords(bytes), { ...resize, batchSize: 1 });
const checked = Array.from(plain.images.filter((_, i) => i % 97 === 0));

const open = () => {
  const set = decodeRecords(bytes);
  return workers ? workerBatchSource(set, { ...options, workers }) : batchSource(set, options);
};

const samples = [];
let source;
for (let epoch = 0; epoch < epochs; epoch++) {
  const start = performance.now();
  // Workers keep the images that they were started with: only the first epoch decodes them.
  if (!source || !workers) source = open();
  let images = 0;
  for await (const { labels } of source.batches(epoch, 0)) images += labels.length;
  samples.push((1000 * images) / (performance.now() - start));
}
const { user, system } = process.cpuUsage();
console.log(
  JSON.stringify({ version: process.version, samples, checked, cpuSeconds: (user + system) / 1e6 }),
);
