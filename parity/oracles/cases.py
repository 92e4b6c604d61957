"""Runs an oracle on its cases, ../cases.json, and writes the fixtures."""

import itertools
import json
import pathlib

from summary import errors

FOLDER = pathlib.Path(__file__).parent.parent
LEARNING_RATE = 0.001
# An error of float32 is about 1e-6 of the spread: nothing nearer to a kink than ten times that may cross it.
MARGIN = 1e-5


def write(oracles, versions, run, margin):
    """`run(case, dtype)` gives a result; `margin(case)` how far it stays from where a gradient jumps.

    A result in float64 is exact for us, since its rounding does not show; the same in float32 tells what error is
    usual. A case that has to be clear of kinks takes the first seed for which it is.
    """
    for case in json.loads((FOLDER / "cases.json").read_text()):
        if case["oracle"] not in oracles:
            continue
        if case.get("clearOfKinks"):
            case["seed"] = next(seed for seed in itertools.count() if margin({**case, "seed": seed}) > MARGIN)
        exact = run(case, "float64")
        float32 = errors(run(case, "float32"), exact)
        seed = case.get("seed", 0)
        print(case["name"], "seed", seed, float32)
        fixture = {"versions": versions, "seed": seed, "exact": exact, "float32": float32}
        (FOLDER / "fixtures" / f"{case['name']}.json").write_text(json.dumps(rounded(fixture)) + "\n")


def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return float(f"{value:.8g}") if isinstance(value, float) else value
