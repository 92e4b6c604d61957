import { type WorkerStart, work } from './worker';

/** What of a web worker's global scope we use. */
const scope = globalThis as unknown as { onmessage: (event: { data: WorkerStart }) => void };

scope.onmessage = ({ data }) => work(data);
