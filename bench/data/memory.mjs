// Loads all 60,000 images from the cache, makes an epoch of batches on the main thread and one by two workers, and
// prints the most memory that the process took by then.
import { batchSource } from '@xcp/cifar10';
import { loadCifar10, workerBatchSource } from '@xcp/cifar10/node';
import { peakMemory } from '../measure/memory.mjs';

const { train } = await loadCifar10();
const loaded = peakMemory();
const options = { shuffle: true, flip: 'random', crop: { padding: 4, mode: 'zero' }, reuse: true };

async function epochOf(source) {
  let images = 0;
  for await (const { labels } of source.batches(0, 0)) images += labels.length;
  if (images !== train.length) throw new Error(`an epoch has ${train.length} images, received ${images}`);
  return peakMemory();
}

const peak = await epochOf(batchSource(train, options));
const withWorkers = await epochOf(workerBatchSource(train, { ...options, workers: 2 }));
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ loaded, peak, withWorkers, cpuSeconds: (user + system) / 1e6 }));
