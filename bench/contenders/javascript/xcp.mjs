import * as tf from '@tensorflow/tfjs-core';
import { backendStatus } from '@xcp/backend';
import { contend } from './contend.mjs';

const { backend = 'xcp' } = JSON.parse(process.argv[2]);
const status = backendStatus(backend);
if (!status.available) throw new Error(status.reason);
await contend(backend, () => ({ version: tf.backend().library.isa, threads: status.threads }));
