"""What the Python contenders share: the task, the tensors, the measuring and the line of JSON that they print.

It is imported before the framework: threads are limited by the processors that the process may use, which every
framework asks for, and by the variables that their math libraries read.
"""
import json
import os
import resource
import struct
import sys
import time

task = json.loads(sys.argv[1])
threads = task['threads']
if hasattr(os, 'sched_setaffinity') and threads < os.cpu_count():
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
for variable in ('OMP_NUM_THREADS', 'MKL_NUM_THREADS', 'TF_NUM_INTRAOP_THREADS'):
    os.environ[variable] = str(threads)

import numpy as np  # noqa: E402

CHECKED_IMAGES = 2
LEARNING_RATE, MOMENTUM = 0.01, 0.9


class Tensors:
    """A safetensors file whose tensors are read one at a time, so that the file takes no memory of its own."""

    def __init__(self, path):
        self.path = path
        with open(path, 'rb') as file:
            (length,) = struct.unpack('<Q', file.read(8))
            self.header = json.loads(file.read(length))
        self.start = 8 + length
        self.plan = json.loads(self.header['__metadata__']['plan'])

    def __getitem__(self, name):
        entry = self.header[name]
        begin, end = entry['data_offsets']
        dtype = {'F32': np.float32, 'I32': np.int32}[entry['dtype']]
        with open(self.path, 'rb') as file:
            file.seek(self.start + begin)
            return np.frombuffer(file.read(end - begin), dtype).reshape(entry['shape']).copy()


def repeat(run, kind):
    """Milliseconds of single calls, as measure/repeat.mjs takes them."""
    options = task['repeat'][kind]
    for _ in range(options['warmUps']):
        run()
    samples, until = [], time.perf_counter() + options['seconds']
    while len(samples) < options['least'] or time.perf_counter() < until:
        start = time.perf_counter()
        run()
        samples.append((time.perf_counter() - start) * 1000)
    return samples


def reset_peak_memory():
    try:
        with open('/proc/self/clear_refs', 'w') as file:
            file.write('5')
    except OSError:
        pass


def peak_memory():
    try:
        with open('/proc/self/status') as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith('VmHWM'))
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def resident_memory():
    try:
        with open('/proc/self/statm') as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def report(result):
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({'threads': threads, **result, 'cpuSeconds': usage.ru_utime + usage.ru_stime}), flush=True)


def contend(version, baseline, parameters, logits, step, predict):
    """Checks and measures: `logits(n)` of the first n images, `step()` gives the loss, `predict()` the whole batch.

    `baseline` is what the framework took before there was a network.
    """
    result = {'version': version, 'baseline': baseline, 'parameters': parameters, 'samples': {}, 'peak': {}}
    result['logits'] = np.asarray(logits(min(CHECKED_IMAGES, task['batch']))).ravel().tolist()
    runs = {'train': step, 'infer': predict}
    if 'train' in task['kinds']:
        result['losses'] = [float(step()), float(step())]
    for kind in task['kinds']:
        reset_peak_memory()
        result['samples'][kind] = repeat(runs[kind], kind)
        # What training took stays with the process: an inference after it has no peak of its own.
        if kind == task['kinds'][0]:
            result['peak'][kind] = peak_memory()
    report(result)
