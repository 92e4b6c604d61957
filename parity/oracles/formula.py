"""Weights and images by formula, the same to the bit as in ../formula.mjs, so that fixtures hold results alone."""

import numpy as np


def uniform(name, count):
    """`count` numbers of [0, 1), a function of the name and the index: FNV-1a, then a 32-bit mix."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x01000193) & 0xFFFFFFFF
    x = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9) + np.uint32(seed)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x7FEB352D)
    x ^= x >> np.uint32(15)
    x *= np.uint32(0x846CA68B)
    x ^= x >> np.uint32(16)
    return (x >> np.uint32(8)) / 2.0**24


def weight(layer, kind, shape):
    """A weight in Keras's layout, scaled so that activations neither vanish nor explode."""
    low, high = limits(kind, shape)
    values = low + (high - low) * uniform(f"{layer}/{kind}", int(np.prod(shape)))
    return values.astype("float32").reshape(shape)


def limits(kind, shape):
    if kind in ("gamma", "moving_variance"):
        return 0.75, 1.25
    if kind in ("beta", "bias", "moving_mean"):
        return -0.25, 0.25
    # A depthwise kernel sees what a rectifier has left, half of the square.
    fan_in = shape[0] * shape[1] / 2 if kind == "depthwise_kernel" else np.prod(shape[:-1])
    limit = float(np.sqrt(3 / fan_in))
    return -limit, limit


def images(count, size, seed):
    """Stripes that bend, with noise, as bytes; then x / 127.5 − 1: [count, size, size, 3]."""
    n, y, x, c = np.meshgrid(*map(np.arange, (count, size, size, 3)), indexing="ij")
    phase = (x * (3 + c + n) + y * (5 + 2 * c + 3 * n) + (x * y >> 4)) & 511
    stripes = np.where(phase < 256, phase, 511 - phase)
    noise = np.floor(uniform(f"images/{seed}", n.size) * 32).astype(int).reshape(n.shape)
    return (((stripes * 7 >> 3) + noise) / 127.5 - 1).astype("float32")


def labels(count, classes):
    return np.arange(count) * 3 % classes
