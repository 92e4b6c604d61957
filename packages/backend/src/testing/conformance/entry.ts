// What the child process runs, bundled: TensorFlow.js's own tests on our backend. Writes one JSON report.
import { writeFileSync } from 'node:fs';
import type { Spec } from './run';

const jasmineRequire = require('jasmine-core/lib/jasmine-core/jasmine.js');

const jasmine = jasmineRequire.core(jasmineRequire);
const env = jasmine.getEnv();
env.configure({ random: false });
Object.assign(globalThis, jasmineRequire.interface(jasmine, env));

const specs: Spec[] = [];
env.addReporter({
  specDone: (spec: {
    fullName: string;
    status: Spec['status'];
    failedExpectations: { message: string }[];
  }) => {
    const messages = spec.failedExpectations.map(({ message }) => message.split('\n')[0]!);
    specs.push({ name: spec.fullName, status: spec.status, messages });
  },
});

// The tests look for jasmine and for their environments while they are loaded: everything in this order.
await import('@tensorflow/tfjs-core/dist/register_all_gradients');
await import('@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops');
await import('../../index');
const { setTestEnvs } = await import('@tensorflow/tfjs-core/dist/jasmine_util');
setTestEnvs([{ name: 'xcp', backendName: process.argv[3]!, isDataSync: true }]);
await import('@tensorflow/tfjs-core/dist/tests');
await env.execute();
writeFileSync(process.argv[2]!, JSON.stringify(specs));
// Some of the tests leave timers behind.
process.exit(0);
