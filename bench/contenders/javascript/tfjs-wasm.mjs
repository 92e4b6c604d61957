import { version_wasm } from '@tensorflow/tfjs-backend-wasm';
import { contend } from './contend.mjs';

// Outside a browser it has one thread.
await contend('wasm', () => ({ version: version_wasm, threads: 1 }));
