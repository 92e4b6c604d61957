// What a browser runs: tells the server how it went.
import { train } from './train.mjs';

const backend = new URL(location.href).searchParams.get('backend');
const result = await train(backend).catch((error) => ({ error: String(error.stack ?? error) }));
await fetch('/result', { method: 'POST', body: JSON.stringify({ ...result, crossOriginIsolated }) });
