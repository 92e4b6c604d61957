"""Xception in PyTorch with PyTorch's paddings and defaults, its parameters named as in timm's `legacy_xception`."""

from torch import nn


def separable(channels, filters):
    convs = {
        "conv1": nn.Conv2d(channels, channels, 3, padding=1, groups=channels, bias=False),
        "pointwise": nn.Conv2d(channels, filters, 1, bias=False),
    }
    block = nn.Sequential()
    for name, conv in convs.items():
        block.add_module(name, conv)
    return block


class Block(nn.Module):
    def __init__(self, channels, filters, stride=1, activated=False):
        super().__init__()
        self.skip = None
        if stride > 1:
            self.skip = nn.Conv2d(channels, filters[-1], 1, stride=stride, bias=False)
            self.skipbn = nn.BatchNorm2d(filters[-1])
        layers = []
        for inputs, outputs in zip([channels, *filters], filters):
            layers += [nn.ReLU(), separable(inputs, outputs), nn.BatchNorm2d(outputs)]
        if stride > 1:
            layers.append(nn.MaxPool2d(3, stride, 1))
        self.rep = nn.Sequential(*layers[1 if activated else 0 :])

    def forward(self, x):
        return self.rep(x) + (x if self.skip is None else self.skipbn(self.skip(x)))


class Xception(nn.Module):
    """With `shared`, one middle block is applied eight times, as the reproduction of 2020 does."""

    def __init__(self, classes, width=1, shared=False):
        super().__init__()
        # Filters are rounded to a multiple of 8 as `width` of our configuration rounds.
        stem1, stem2, *entry, exit1, final1, final2 = [
            filters if width == 1 else max(8, int(filters * width / 8 + 0.5) * 8)
            for filters in (32, 64, 128, 256, 728, 1024, 1536, 2048)
        ]
        middle = entry[-1]
        self.conv1, self.bn1 = nn.Conv2d(3, stem1, 3, stride=2, bias=False), nn.BatchNorm2d(stem1)
        self.conv2, self.bn2 = nn.Conv2d(stem1, stem2, 3, bias=False), nn.BatchNorm2d(stem2)
        for i, (channels, filters) in enumerate(zip([stem2, *entry], entry)):
            self.add_module(f"block{i + 1}", Block(channels, [filters] * 2, 2, activated=i == 0))
        self.middle = ["block4"] * 8 if shared else [f"block{i}" for i in range(4, 12)]
        for name in dict.fromkeys(self.middle):
            self.add_module(name, Block(middle, [middle] * 3))
        self.block12 = Block(middle, [middle, exit1], 2)
        self.conv3, self.bn3 = separable(exit1, final1), nn.BatchNorm2d(final1)
        self.conv4, self.bn4 = separable(final1, final2), nn.BatchNorm2d(final2)
        self.act1, self.act2, self.act3, self.act4 = (nn.ReLU() for _ in range(4))
        self.fc = nn.Linear(final2, classes)

    def forward(self, x):
        x = self.act1(self.bn1(self.conv1(x)))
        x = self.act2(self.bn2(self.conv2(x)))
        for name in ("block1", "block2", "block3", *self.middle, "block12"):
            x = getattr(self, name)(x)
        x = self.act3(self.bn3(self.conv3(x)))
        x = self.act4(self.bn4(self.conv4(x)))
        return self.fc(x.mean((2, 3)))
