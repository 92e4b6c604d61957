"""The machine's peak as PyTorch's math library reaches it: a large square product. Prints a line of JSON."""
from task import repeat, report, task, threads

import torch

torch.set_num_threads(threads)
n = task['gemmSize']
a, b, c = (torch.randn(n, n) for _ in range(3))
report({'version': torch.__version__, 'samples': {'gemm': repeat(lambda: torch.mm(a, b, out=c), 'gemm')}})
