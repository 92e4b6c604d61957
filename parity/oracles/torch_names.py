"""From the names and layouts of PyTorch to those of Keras: `block1.rep.0.conv1.weight` is `block2_sepconv1`'s."""

import re

STEM = {"conv1": "block1_conv1", "conv2": "block1_conv2", "conv3": "block14_sepconv1", "conv4": "block14_sepconv2"}
BN_KINDS = {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance"}


def keras_name(key):
    """Layer and kind, or None for the count of batches that batch normalization keeps."""
    module, leaf = key.rsplit(".", 1)
    if leaf == "num_batches_tracked":
        return None
    if module == "fc":
        return "predictions", {"weight": "kernel", "bias": "bias"}[leaf]
    if top := re.fullmatch(r"(bn|conv)(\d)(?:\.(conv1|pointwise))?", module):
        layer = STEM[f"conv{top[2]}"]
        return (f"{layer}_bn", BN_KINDS[leaf]) if top[1] == "bn" else (layer, kernel_kind(top[3]))
    block, part, conv = re.fullmatch(r"block(\d+)\.(skip|skipbn|rep\.\d+)(?:\.(conv1|pointwise))?", module).groups()
    block = int(block) + 1
    if part == "skip":
        return f"block{block}_residual_conv", "kernel"
    if part == "skipbn":
        return f"block{block}_residual_bn", BN_KINDS[leaf]
    # Three modules for each convolution: rectifier, convolution, batch normalization; block 2 has no first rectifier.
    place = int(part.split(".")[1]) + (1 if block == 2 else 0)
    layer = f"block{block}_sepconv{place // 3 + 1}"
    return (f"{layer}_bn", BN_KINDS[leaf]) if place % 3 == 2 else (layer, kernel_kind(conv))


def kernel_kind(conv):
    return {"conv1": "depthwise_kernel", "pointwise": "pointwise_kernel", None: "kernel"}[conv]


def axes(kind, rank):
    """The axes of a PyTorch tensor in Keras's order."""
    if rank == 4:
        return (2, 3, 0, 1) if kind == "depthwise_kernel" else (2, 3, 1, 0)
    return (1, 0) if rank == 2 else (0,)
