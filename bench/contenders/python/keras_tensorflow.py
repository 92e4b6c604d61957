"""Keras on TensorFlow, its training step compiled to a graph. The network is built from the plan."""
import os

os.environ['KERAS_BACKEND'] = 'tensorflow'

from task import LEARNING_RATE, MOMENTUM, Tensors, contend, resident_memory, task, threads

import keras
import tensorflow as tf
from keras import layers

tf.config.threading.set_intra_op_parallelism_threads(threads)
tf.config.threading.set_inter_op_parallelism_threads(1)
baseline = resident_memory()
tensors = Tensors(task['tensors'])

BUILD = {
    'conv': lambda s: layers.Conv2D(
        s['shape'][-1], s['kernelSize'], s['strides'], s['padding'], use_bias=False, name=s['name']
    ),
    'separableConv': lambda s: layers.SeparableConv2D(
        s['shape'][-1], s['kernelSize'], s['strides'], s['padding'], use_bias=False, name=s['name']
    ),
    'batchNorm': lambda s: layers.BatchNormalization(momentum=s['momentum'], epsilon=s['epsilon'], name=s['name']),
    'relu': lambda s: layers.Activation('relu', name=s['name']),
    'maxPool': lambda s: layers.MaxPooling2D(s['kernelSize'], s['strides'], s['padding'], name=s['name']),
    'add': lambda s: layers.Add(name=s['name']),
    'globalAveragePool': lambda s: layers.GlobalAveragePooling2D(name=s['name']),
    'dense': lambda s: layers.Dense(s['shape'][-1], name=s['name']),
}


def build(plan):
    first, *steps = plan
    values = {first['name']: keras.Input(first['shape'])}
    shared = {}
    for step in steps:
        key = tuple(w['name'] for w in step['weights']) or step['name']
        if key not in shared:
            shared[key] = BUILD[step['op']](step)
        arguments = [values[name] for name in step['inputs']]
        values[step['name']] = shared[key](arguments if len(arguments) > 1 else arguments[0])
    for key, layer in shared.items():
        if isinstance(key, tuple):
            layer.set_weights([tensors[name] for name in key])
    return keras.Model(values[first['name']], values[plan[-1]['name']])


model = build(tensors.plan)
optimizer = keras.optimizers.SGD(LEARNING_RATE, MOMENTUM)
optimizer.build(model.trainable_variables)
images, labels = tf.constant(tensors['images']), tf.constant(tensors['labels'])


@tf.function
def train_step():
    with tf.GradientTape() as tape:
        logits = model(images, training=True)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    return loss


@tf.function
def infer(x):
    return model(x, training=False)


contend(
    tf.__version__,
    baseline,
    model.count_params(),
    lambda count: infer(images[:count]).numpy(),
    lambda: train_step().numpy(),
    lambda: infer(images).numpy(),
)
