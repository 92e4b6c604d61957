"""How far a network is from where its gradient jumps: the kinks of rectifiers, and ties within a pool's window."""

import numpy as np


def relu_margin(x):
    """The smallest distance from 0 of a rectifier's input, by the input's spread. Channels come last."""
    return float(np.min(np.abs(x)) / np.std(x))


def pool_margin(x):
    """The smallest lead of the largest number of a 3×3 window, by the spread. [n, height, width, channels].

    Over all windows, of which the pool takes every other: so the margin is at least this whatever the padding.
    """
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=-np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
    top = np.partition(windows.reshape(*x.shape, 9), 7, axis=-1)
    return float(np.min(top[..., 8] - top[..., 7]) / np.std(x))
