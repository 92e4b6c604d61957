import { workerData } from 'node:worker_threads';
import { type WorkerStart, work } from './worker';

work(workerData as WorkerStart);
