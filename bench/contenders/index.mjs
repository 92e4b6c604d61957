import { fileURLToPath } from 'node:url';

const path = (file) => fileURLToPath(new URL(file, import.meta.url));
const both = ['train', 'infer'];

const javascript = (file, task, env = {}) => ({
  command: process.execPath,
  args: [path(`javascript/${file}`), JSON.stringify(task)],
  env: { XCP_NUM_THREADS: String(task.threads), ...env },
});

/** `framework` has a Python of its own where its variable says so: the frameworks pin each other's dependencies. */
const python = (framework, file, task, more = {}) => ({
  command: process.env[`XCP_BENCH_PYTHON_${framework}`] ?? process.env.XCP_BENCH_PYTHON ?? 'python3',
  args: [path(`python/${file}`), JSON.stringify({ ...task, ...more })],
  env: { TF_CPP_MIN_LOG_LEVEL: '3', PYTHONDONTWRITEBYTECODE: '1' },
});

/**
 * Who can be measured. `byDefault` take part without being named; `pytorch` marks the layouts of which the better one
 * is what ratios refer to; `fits` says which configurations are bearable.
 */
export const contenders = [
  { name: 'xcp', title: 'xcp', kinds: both, byDefault: true, run: (task) => javascript('xcp.mjs', task) },
  {
    name: 'xcp-eager',
    title: 'xcp, not traced',
    kinds: both,
    run: (task) => javascript('xcp.mjs', { ...task, eager: true }),
  },
  {
    name: 'xcp-wasm',
    title: 'xcp, wasm',
    kinds: both,
    byDefault: true,
    run: (task) => javascript('xcp.mjs', { ...task, backend: 'xcp-wasm' }),
  },
  ...['channels_last', 'contiguous'].map((layout) => ({
    name: layout === 'channels_last' ? 'pytorch-nhwc' : 'pytorch-nchw',
    title: layout === 'channels_last' ? 'PyTorch, channels last' : 'PyTorch, contiguous',
    kinds: both,
    byDefault: true,
    pytorch: true,
    run: (task) => python('PYTORCH', 'pytorch.py', task, { layout }),
  })),
  {
    name: 'pytorch-compile',
    title: 'PyTorch, channels last, torch.compile',
    kinds: both,
    run: (task) => python('PYTORCH', 'pytorch.py', task, { layout: 'channels_last', compile: true }),
  },
  {
    name: 'keras',
    title: 'Keras on TensorFlow',
    kinds: both,
    run: (task) => python('KERAS', 'keras_tensorflow.py', task),
  },
  { name: 'jax', title: 'JAX', kinds: both, run: (task) => python('JAX', 'jax_network.py', task) },
  {
    name: 'tfjs-node',
    title: 'TensorFlow.js node',
    kinds: both,
    run: (task) => javascript('tfjs-node.mjs', task, { TF_NUM_INTRAOP_THREADS: String(task.threads) }),
  },
  {
    name: 'tfjs-wasm',
    title: 'TensorFlow.js wasm',
    // It lacks the gradients of convolutions.
    kinds: ['infer'],
    byDefault: true,
    run: (task) => javascript('tfjs-wasm.mjs', task),
  },
  {
    name: 'tfjs-cpu',
    title: 'TensorFlow.js cpu',
    kinds: both,
    byDefault: true,
    // Plain JavaScript takes minutes for a batch.
    fits: ({ size, batch, reference }) => reference === false || size * size * batch <= 32 * 32,
    run: (task) => javascript('tfjs-cpu.mjs', task),
  },
];

/** Whose large square product tells the machine's peak; `by` begins the names of the contenders that it belongs to. */
export const gemmProbes = [
  { name: 'gemm-xcp', title: 'xcp', by: 'xcp', run: (task) => javascript('gemm-xcp.mjs', task) },
  {
    name: 'gemm-pytorch',
    title: 'PyTorch',
    by: 'pytorch',
    run: (task) => python('PYTORCH', 'gemm.py', task),
  },
];

/**
 * The contenders of one configuration: those by default and those of `extra`, or those of `only`.
 *
 * @throws if there is no contender of a name that was given.
 */
export function chooseContenders(config, { only, extra = [] }) {
  for (const name of [...(only ?? []), ...extra]) {
    if (!contenders.some((contender) => contender.name === name)) {
      const names = contenders.map((contender) => contender.name).join(', ');
      throw new Error(`bench: a contender must be one of ${names}, received ${name}; choose one of them`);
    }
  }
  const wanted = only ?? config.only;
  return contenders
    .filter(({ name, byDefault }) => (wanted ? wanted.includes(name) : byDefault) || extra.includes(name))
    .filter(({ fits }) => !fits || fits(config) || only)
    .filter(({ kinds }) => kinds.some((kind) => config.kinds.includes(kind)));
}
