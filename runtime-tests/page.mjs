// What a browser runs: tells the server how it went.
import { readData } from './data.mjs';
import { train } from './train.mjs';

const backend = new URL(location.href).searchParams.get('backend');
const work = async () => ({ ...readData(), ...(await train(backend)) });
const result = await work().catch((error) => ({ error: String(error.stack ?? error) }));
await fetch('/result', { method: 'POST', body: JSON.stringify({ ...result, crossOriginIsolated }) });
