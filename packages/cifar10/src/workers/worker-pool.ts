import { Worker } from 'node:worker_threads';
import type { Batch, MakeBatch } from '../batches/batch-maker';
import type { Answer, Job, WorkerTask } from './messages';

// The tests run the sources, and a worker needs JavaScript.
const PROGRAM = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/workers/batch-worker.js' : './workers/batch-worker.js',
  import.meta.url,
);

interface Waiting {
  resolve(batch: Batch): void;
  reject(error: Error): void;
}

interface Member {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
}

/**
 * Threads that make batches. They keep no process alive while nothing is asked of them.
 *
 * One that ends or fails on its own takes the pool with it: whoever waits gets the error, and all threads are ended.
 */
export interface WorkerPool {
  make: (...asked: Parameters<MakeBatch>) => Promise<Batch>;
  readonly isClosed: boolean;
  close(): Promise<void>;
}

/** Starts the threads; throws if one of them does not come up, after those that did have ended. */
export async function startPool(count: number, task: WorkerTask, program = PROGRAM): Promise<WorkerPool> {
  const members = Array.from({ length: count }, (): Member => {
    // Options that the process was started with, such as --input-type, may not fit the worker's program.
    const worker = new Worker(program, { workerData: task, execArgv: [] });
    return { worker, waiting: new Map() };
  });
  let isClosed = false;
  let jobs = 0;

  const close = async (reason = new Error('workerBatchSource: the source was closed')) => {
    isClosed = true;
    for (const { waiting } of members) {
      for (const { reject } of waiting.values()) reject(reason);
      waiting.clear();
    }
    await Promise.all(members.map(({ worker }) => worker.terminate()));
  };

  try {
    await Promise.all(members.map(({ worker }) => untilReady(worker)));
  } catch (error) {
    await close();
    throw error;
  }

  for (const member of members) {
    const { worker, waiting } = member;
    worker.unref();
    worker.on('message', (answer: Answer) => {
      if (answer.kind === 'ready') return;
      const asker = waiting.get(answer.id);
      waiting.delete(answer.id);
      if (waiting.size === 0) worker.unref();
      if (answer.kind === 'made') asker?.resolve(answer.batch);
      else asker?.reject(new Error(answer.message));
    });
    const fail = (what: string) => {
      if (!isClosed)
        void close(new Error(`workerBatchSource: a worker ${what}; the other workers were ended too`));
    };
    worker.on('error', (error: Error) => fail(`failed (${error.message})`));
    worker.on('exit', (code: number) => fail(`ended by itself (exit code ${code})`));
  }

  return {
    get isClosed() {
      return isClosed;
    },
    make(indices, epoch, size, memory) {
      const { worker, waiting } = members.reduce((a, b) => (b.waiting.size < a.waiting.size ? b : a));
      const job: Job = { id: jobs++, indices, epoch, size, memory };
      return new Promise((resolve, reject) => {
        if (waiting.size === 0) worker.ref();
        waiting.set(job.id, { resolve, reject });
        worker.postMessage(job, memory ? [memory] : []);
      });
    },
    close: () => close(),
  };
}

function untilReady(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error) => {
      worker.off('message', onMessage);
      worker.off('exit', onExit);
      if (error) reject(error);
      else resolve();
    };
    const onMessage = () => settle();
    const onExit = (code: number) => settle(new Error(`exit code ${code}`));
    worker.on('message', onMessage);
    worker.on('exit', onExit);
    // Stays: an error that nobody listens to would end the process.
    worker.on('error', settle);
  });
}
