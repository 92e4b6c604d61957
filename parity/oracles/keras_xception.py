"""Writes ../fixtures/keras-*.json: what keras.applications.Xception gives for the weights and images by formula.

    pip install tensorflow-cpu==2.21.0 keras==3.15.1 && python keras_xception.py
"""

import re

import keras
import numpy as np
import tensorflow as tf

from cases import LEARNING_RATE, write
from formula import images, labels, weight
from margin import pool_margin, relu_margin
from summary import summarize

BLOCKS = (2, 3, 4, 13)


def our_name(layer):
    """Keras numbers the layers of the four shortcuts; we name them after their block."""
    part = re.fullmatch(r"(conv2d|batch_normalization)(?:_(\d+))?", layer)
    if not part:
        return layer
    kind = {"conv2d": "conv", "batch_normalization": "bn"}[part[1]]
    return f"block{BLOCKS[int(part[2] or 0)]}_residual_{kind}"


def build(case):
    keras.utils.clear_session(free_memory=True)  # So that the automatic names begin anew.
    size = case["size"]
    model = keras.applications.Xception(
        weights=None, input_shape=(size, size, 3), classes=case["classes"], classifier_activation=None
    )
    if "width" in case:
        model = keras.models.clone_model(model, clone_function=lambda layer: narrowed(layer, case["width"]))
    named = {}
    for layer in model.layers:
        for variable in layer.weights:
            named[f"{our_name(layer.name)}/{variable.name}"] = variable
            variable.assign(weight(our_name(layer.name), variable.name, variable.shape))
    return model, named


def narrowed(layer, width):
    """A layer with fewer filters, rounded to a multiple of 8 as `width` of our configuration rounds."""
    config = layer.get_config()
    if "filters" in config:
        config["filters"] = max(8, int(config["filters"] * width / 8 + 0.5) * 8)
    return layer.__class__.from_config(config)


def inputs_of(case):
    return tf.constant(images(case["batch"], case["size"], case.get("seed", 0)), keras.config.floatx())


def step(model, named, x, y, result):
    """One step of gradient descent on the whole batch."""
    trainable = {name: v for name, v in named.items() if v.trainable}
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits))
    gradients = tape.gradient(loss, [v.value for v in trainable.values()])
    result["loss"] = float(loss)
    result["gradients"] = {n: summarize(n, g) for n, g in zip(trainable, gradients)}
    result["statistics"] = {n: summarize(n, v.numpy()) for n, v in named.items() if not v.trainable}
    for variable, gradient in zip(trainable.values(), gradients):
        variable.assign_sub(LEARNING_RATE * gradient)
    result["logitsAfter"] = np.asarray(model(x, training=False)).tolist()


def run(case, dtype):
    keras.config.set_floatx(dtype)
    model, named = build(case)
    x = inputs_of(case)
    result = {"logits": np.asarray(model(x, training=False)).tolist()}
    if case.get("training"):
        step(model, named, x, labels(case["batch"], case["classes"]), result)
    return result


def clearance(case):
    keras.config.set_floatx("float64")
    model, _ = build(case)

    def kind(of):
        return [layer.input for layer in model.layers if isinstance(layer, of)]

    rectified, pooled = kind(keras.layers.Activation), kind(keras.layers.MaxPooling2D)
    watched = keras.Model(model.input, rectified + pooled)

    def is_clear(seed):
        values = [np.asarray(x) for x in watched(inputs_of({**case, "seed": seed}), training=True)]
        count = len(rectified)
        margins = [relu_margin(x) for x in values[:count]] + [pool_margin(x) for x in values[count:]]
        return min(margins) > case["clearOfKinks"]

    return is_clear


write(["keras"], {"keras": keras.__version__, "tensorflow": tf.__version__}, run, clearance)
