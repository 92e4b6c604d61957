import { parentPort, workerData } from 'node:worker_threads';
import { batchMaker } from '../batches/batch-maker';
import type { Answer, Job, WorkerTask } from './messages';

/** The program of a worker: makes the batches that it is asked for, one after the other. */
const { set, options } = workerData as WorkerTask;
const makeBatch = batchMaker(set, options);
const answer = (message: Answer, moved: ArrayBuffer[] = []) => parentPort!.postMessage(message, moved);

parentPort!.on('message', ({ id, indices, epoch, size, memory }: Job) => {
  try {
    const batch = makeBatch(indices, epoch, size, memory);
    answer({ kind: 'made', id, batch }, [batch.images.buffer as ArrayBuffer]);
  } catch (error) {
    answer({ kind: 'failed', id, message: (error as Error).message });
  }
});
answer({ kind: 'ready' });
