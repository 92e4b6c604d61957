import * as tf from '@tensorflow/tfjs-core';
import { backendStatus } from '@xcp/backend';
import { contend } from './contend.mjs';

const status = backendStatus();
if (!status.available) throw new Error(status.reason);
await contend('xcp', () => ({ version: tf.backend().library.isa, threads: status.threads }));
