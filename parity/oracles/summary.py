"""What a fixture holds of a result, and how far another result is from it: the same as ../summary.mjs."""

import numpy as np

from formula import uniform

SAMPLES = 2


def summarize(name, tensor):
    """Norm, projection on numbers by formula (which every element enters), and a few elements."""
    values = np.asarray(tensor, "float64").ravel()
    probe = 2 * uniform(f"{name}/probe", values.size) - 1
    samples = [values[(2 * i + 1) * values.size // (2 * SAMPLES)] for i in range(SAMPLES)]
    return [float(np.linalg.norm(values)), float(values @ probe), *map(float, samples), values.size]


def whole_error(actual, expected):
    """The error of norm and projection, by what each is for numbers of that norm."""
    norm = expected[0]
    return max(abs(actual[0] - norm) / norm, abs(actual[1] - expected[1]) / (norm / 3**0.5))


def sample_errors(actual, expected):
    """The errors of single elements, by their root mean square."""
    typical = expected[0] / expected[-1] ** 0.5
    return [abs(actual[i] - expected[i]) / typical for i in range(2, 2 + SAMPLES)]


def relative_error(actual, expected):
    """The largest difference, by the largest magnitude."""
    actual, expected = np.asarray(actual), np.asarray(expected)
    return float(np.max(np.abs(actual - expected)) / np.max(np.abs(expected)))


def errors(actual, expected):
    """Of every quantity of a result the largest relative error; of single elements the root mean square."""
    found = {}
    for key, value in expected.items():
        if not isinstance(value, dict):
            found[key] = relative_error(actual[key], value)
            continue
        pairs = [(actual[key][name], value[name]) for name in value]
        samples = [error for pair in pairs for error in sample_errors(*pair)]
        found[key] = max(whole_error(*pair) for pair in pairs)
        found[f"{key}Samples"] = float(np.sqrt(np.mean(np.square(samples))))
    return found
