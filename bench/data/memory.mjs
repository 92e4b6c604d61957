// Loads all 60,000 images from the cache, makes an epoch of batches, and prints the most memory that the process took.
import { batchSource } from '@xcp/cifar10';
import { loadCifar10 } from '@xcp/cifar10/node';
import { peakMemory } from '../measure/memory.mjs';

const { train } = await loadCifar10();
const loaded = peakMemory();
const augment = { shuffle: true, flip: 'random', crop: { padding: 4, mode: 'zero' } };
const source = batchSource(train, { ...augment, reuse: true });
let images = 0;
for (const { labels } of source.batches(0, 0)) images += labels.length;
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ images, loaded, peak: peakMemory(), cpuSeconds: (user + system) / 1e6 }));
