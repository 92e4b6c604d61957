"""Writes ../fixtures/torch-*.json and reference-*.json: what PyTorch gives for the weights and images by formula.

    pip install torch==2.15.0 timm==1.0.31 numpy && python torch_xception.py
"""

import numpy as np
import timm
import torch

from cases import LEARNING_RATE, write
from formula import images, labels, weight
from margin import pool_margin, relu_margin
from summary import summarize
from torch_model import Xception
from torch_names import axes, keras_name


def build(case, dtype):
    model = Xception(case["classes"], case.get("width", 1), case["oracle"] == "reference").to(getattr(torch, dtype))
    for key, tensor in model.state_dict().items():
        if name := keras_name(key):
            order = axes(name[1], tensor.ndim)
            values = weight(*name, [tensor.shape[axis] for axis in order])
            tensor.copy_(torch.from_numpy(values.transpose(np.argsort(order))))
    return model


def inputs_of(case, dtype):
    nhwc = images(case["batch"], case["size"], case.get("seed", 0))
    return torch.from_numpy(nhwc).permute(0, 3, 1, 2).to(getattr(torch, dtype))


def summaries(tensors):
    """Of tensors by PyTorch's names, under Keras's names and in Keras's layout."""
    found = {}
    for key, tensor in tensors.items():
        if name := keras_name(key):
            path = "/".join(name)
            found[path] = summarize(path, tensor.detach().permute(axes(name[1], tensor.ndim)).numpy())
    return found


def predict(model, x):
    with torch.no_grad():
        return model.eval()(x).tolist()


def step(model, x, y, result):
    """One step of gradient descent on the whole batch."""
    loss = torch.nn.functional.cross_entropy(model.train()(x), torch.from_numpy(y))
    loss.backward()
    result["loss"] = loss.item()
    result["gradients"] = summaries({name: p.grad for name, p in model.named_parameters()})
    result["statistics"] = summaries(dict(model.named_buffers()))
    torch.optim.SGD(model.parameters(), lr=LEARNING_RATE).step()
    result["logitsAfter"] = predict(model, x)


def run(case, dtype):
    model, x = build(case, dtype), inputs_of(case, dtype)
    result = {"logits": predict(model, x)}
    if case["oracle"] == "torch" and "width" not in case:
        check_against_timm(model, x, result["logits"])
    if case.get("training"):
        step(model, x, labels(case["batch"], case["classes"]), result)
    return result


def check_against_timm(model, x, logits):
    """Our PyTorch network is timm's: the same parameters give the same numbers."""
    other = timm.create_model("legacy_xception", num_classes=len(logits[0])).to(x.dtype)
    other.load_state_dict(model.state_dict())
    np.testing.assert_allclose(predict(other, x), logits, rtol=1e-5)


class TooNear(Exception):
    """Something is too near to a kink: the rest of the network need not be looked at."""


def clearance(case):
    model = build(case, "float64").train()

    def watch(module, margin):
        def check(_, inputs):
            if margin(inputs[0].permute(0, 2, 3, 1).numpy()) <= case["clearOfKinks"]:
                raise TooNear

        module.register_forward_pre_hook(check)

    for module in model.modules():
        if margin := {torch.nn.ReLU: relu_margin, torch.nn.MaxPool2d: pool_margin}.get(type(module)):
            watch(module, margin)

    @torch.no_grad()
    def is_clear(seed):
        try:
            model(inputs_of({**case, "seed": seed}, "float64"))
            return True
        except TooNear:
            return False

    return is_clear


write(["torch", "reference"], {"torch": torch.__version__.split("+")[0], "timm": timm.__version__}, run, clearance)
