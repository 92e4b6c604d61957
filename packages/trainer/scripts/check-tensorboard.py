"""Compares what TensorBoard reads of a run's events with its metrics.jsonl: `python check-tensorboard.py <run folder>`.

Needs the package `tensorboard`. Exits with 1 and the first difference where there is one.
"""

import json
import pathlib
import sys

import numpy
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

folder = pathlib.Path(sys.argv[1])
UNPLOTTED = {"step", "epoch", "kind", "complete", "best"}


def expected():
    """(tag, step) to value, of the log rows and of the epochs that came to their end."""
    values = {}
    for line in (folder / "metrics.jsonl").read_text().splitlines():
        row = json.loads(line)
        if row["kind"] == "epoch" and not row["complete"]:
            continue
        group = {"log": "train", "epoch": "epoch"}[row["kind"]]
        for key, value in row.items():
            if isinstance(value, dict):
                for figure, number in value.items():
                    values[f"{key}/{figure}", row["step"]] = number
            elif key not in UNPLOTTED and isinstance(value, (int, float)):
                values[f"{group}/{key}", row["step"]] = value
    return {key: float(numpy.float32(value)) for key, value in values.items()}


accumulator = EventAccumulator(str(folder), size_guidance={"scalars": 0})
accumulator.Reload()
received = {}
for tag in accumulator.Tags()["scalars"]:
    for event in accumulator.Scalars(tag):
        if (tag, event.step) in received:
            sys.exit(f"{tag} at step {event.step} is there twice")
        received[tag, event.step] = event.value
wanted = expected()
for key in sorted(wanted.keys() | received.keys()):
    if wanted.get(key) != received.get(key):
        sys.exit(f"{key[0]} at step {key[1]}: metrics.jsonl has {wanted.get(key)}, TensorBoard {received.get(key)}")
texts = accumulator.Tensors("config")
if b'"epochs"' not in texts[0].tensor_proto.string_val[0]:
    sys.exit("the text `config` does not hold the configuration")
files = len(list(folder.glob("events.out.tfevents.*")))
print(f"{len(received)} values of {len(accumulator.Tags()['scalars'])} tags in {files} files are those of metrics.jsonl")
