// The machine's peak as our own kernels reach it: a large square product. Prints a line of JSON.
import * as tf from '@tensorflow/tfjs-core';
import '@xcp/backend';
import { repeat } from '../../measure/repeat.mjs';

const { gemmSize: n, repeat: options } = JSON.parse(process.argv[2]);
await tf.setBackend('xcp');
const [a, b] = [1, 2].map((seed) => tf.randomNormal([n, n], 0, 1, 'float32', seed));
const samples = repeat(() => tf.matMul(a, b).dispose(), options.gemm);
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ samples: { gemm: samples }, cpuSeconds: (user + system) / 1e6 }));
