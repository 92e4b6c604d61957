"""Writes src/use/imagenet-class-lines.ts: the 1000 classes of ImageNet, in the order of Keras's and PyTorch's models.

    pip install timm==1.0.31 && python imagenet-classes.py

The identifiers and the WordNet names come from timm (timm/data/_info, Apache-2.0). Written as Keras writes them they
must give, to the byte, the file that Keras downloads for its `decode_predictions`: its MD5 stands in
keras/src/applications/imagenet_utils.py.
"""

import hashlib
import importlib.util
import json
import pathlib

KERAS_MD5 = "c2c37ea517e94d9795004a39431a14cb"

info = pathlib.Path(importlib.util.find_spec("timm").origin).parent / "data" / "_info"
ids = (info / "imagenet_synsets.txt").read_text().split()
lemmas = dict(line.split("\t") for line in (info / "imagenet_synset_to_lemma.txt").read_text().splitlines())
names = [lemmas[id].split(", ")[0].replace(" ", "_") for id in ids]

keras = json.dumps({str(i): [id, name] for i, (id, name) in enumerate(zip(ids, names))})
digest = hashlib.md5(keras.encode()).hexdigest()
if digest != KERAS_MD5:
    raise SystemExit(f"MD5 {digest}, but Keras's class index has {KERAS_MD5}: try another version of timm")

lines = [f"{id} {name}" for id, name in zip(ids, names)]
text = "// Written by scripts/imagenet-classes.py.\n\n"
text += "/** WordNet identifier and name of each class, one a line. */\n"
text += "export const IMAGENET_CLASS_LINES = `" + "\n".join(lines) + "`;\n"
pathlib.Path(__file__).parent.parent.joinpath("src/use/imagenet-class-lines.ts").write_text(text)
