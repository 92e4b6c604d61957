"""Times training steps and predictions of the full Xception in PyTorch, one line of JSON for each measured round.

The other half of `train.mjs`. Usage: python bench/pytorch_step.py --size 32 --batch 64 [--layout channels_last]
"""
import argparse
import json
import time

import torch
from torch import nn
import torch.nn.functional as F


class SeparableConv2d(nn.Sequential):
    def __init__(self, inputs, outputs):
        super().__init__(
            nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs, bias=False),
            nn.Conv2d(inputs, outputs, 1, bias=False),
        )


class Block(nn.Module):
    def __init__(self, filters, stride, first_relu=True):
        super().__init__()
        layers = []
        for i, (a, b) in enumerate(zip(filters, filters[1:])):
            if i or first_relu:
                layers.append(nn.ReLU())
            layers += [SeparableConv2d(a, b), nn.BatchNorm2d(b, 1e-3)]
        if stride > 1:
            layers.append(nn.MaxPool2d(3, stride, 1))
        self.body = nn.Sequential(*layers)
        self.skip = None
        if stride > 1:
            self.skip = nn.Sequential(
                nn.Conv2d(filters[0], filters[-1], 1, stride, bias=False), nn.BatchNorm2d(filters[-1], 1e-3)
            )

    def forward(self, x):
        return self.body(x) + (self.skip(x) if self.skip else x)


class Xception(nn.Sequential):
    def __init__(self, classes):
        stem = [
            nn.Conv2d(3, 32, 3, 2, bias=False), nn.BatchNorm2d(32, 1e-3), nn.ReLU(),
            nn.Conv2d(32, 64, 3, bias=False), nn.BatchNorm2d(64, 1e-3), nn.ReLU(),
        ]
        blocks = [Block([64, 128, 128], 2, False), Block([128, 256, 256], 2), Block([256, 728, 728], 2)]
        blocks += [Block([728] * 4, 1) for _ in range(8)] + [Block([728, 728, 1024], 2)]
        tail = [
            SeparableConv2d(1024, 1536), nn.BatchNorm2d(1536, 1e-3), nn.ReLU(),
            SeparableConv2d(1536, 2048), nn.BatchNorm2d(2048, 1e-3), nn.ReLU(),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, classes),
        ]
        super().__init__(*stem, *blocks, *tail)


def median_ms(f):
    times, until = [], time.perf_counter() + 2
    while len(times) < 3 or time.perf_counter() < until:
        start = time.perf_counter()
        f()
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2] * 1000


parser = argparse.ArgumentParser()
parser.add_argument('--size', type=int, default=32)
parser.add_argument('--batch', type=int, default=64)
parser.add_argument('--rounds', type=int, default=5)
parser.add_argument('--threads', type=int, default=torch.get_num_threads())
parser.add_argument('--layout', choices=['contiguous', 'channels_last'], default='channels_last')
options = parser.parse_args()
torch.set_num_threads(options.threads)

layout = torch.channels_last if options.layout == 'channels_last' else torch.contiguous_format
model = Xception(10).to(memory_format=layout)
x = torch.randn(options.batch, 3, options.size, options.size).to(memory_format=layout)
labels = torch.arange(options.batch) % 10
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)


def step():
    model.train()
    optimizer.zero_grad(set_to_none=True)
    F.cross_entropy(model(x), labels).backward()
    optimizer.step()


def predict():
    model.eval()
    with torch.inference_mode():
        model(x)


for _ in range(3):
    step()
print(json.dumps({'torch': torch.__version__, 'threads': torch.get_num_threads(), 'layout': options.layout}), flush=True)
for _ in range(options.rounds):
    train = median_ms(step)
    line = {'train': round(train, 1), 'imagesPerSecond': round(1000 * options.batch / train, 1)}
    print(json.dumps({**line, 'predict': round(median_ms(predict), 1)}), flush=True)
