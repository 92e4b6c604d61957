import { version_cpu } from '@tensorflow/tfjs-backend-cpu';
import { contend } from './contend.mjs';

await contend('cpu', () => ({ version: version_cpu, threads: 1 }));
