import { fileURLToPath } from 'node:url';

const path = (file) => fileURLToPath(new URL(file, import.meta.url));

const ours = (task) => ({
  command: process.execPath,
  args: [path('xcp.mjs'), JSON.stringify(task)],
  env: {},
});

const torchvision = (transforms) => (task) => ({
  command: process.env.XCP_BENCH_PYTHON_PYTORCH ?? process.env.XCP_BENCH_PYTHON ?? 'python3',
  args: [path('python/torchvision_batches.py'), JSON.stringify({ ...task, transforms })],
  env: { PYTHONDONTWRITEBYTECODE: '1' },
});

/** Who makes batches; the first one is ours, to which ratios refer. */
export const contenders = [
  { name: 'xcp', title: '@xcp/cifar10', run: ours },
  {
    name: 'v2-batch',
    title: 'torchvision v2, resized and normalized by the batch',
    run: torchvision('v2-batch'),
  },
  { name: 'v2', title: 'torchvision v2, tensors', run: torchvision('v2') },
  { name: 'v1', title: 'torchvision v1, tensors', run: torchvision('v1') },
  { name: 'pil', title: 'torchvision, PIL images', run: torchvision('pil') },
];
