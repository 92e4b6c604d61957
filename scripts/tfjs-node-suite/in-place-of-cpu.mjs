// A set-up file of vitest: tests that ask for TensorFlow.js's cpu backend get TensorFlow's C library, through tfjs-node
// as it lies in the folder that XCP_TFJS_NODE names.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(process.env.XCP_TFJS_NODE, 'noop.js'));
// All copies of TensorFlow.js in a process share one engine. Production mode keeps it from naming kernels known twice.
require('@tensorflow/tfjs-core').enableProdMode();
require('@tensorflow/tfjs-node');

const engine = require('@tensorflow/tfjs-core').engine();
const setBackend = engine.setBackend.bind(engine);
engine.setBackend = (name) => setBackend(name === 'cpu' ? 'tensorflow' : name);
