"""JAX, the training step and the prediction each compiled whole. The network is built from the plan."""
from functools import partial

from task import LEARNING_RATE, MOMENTUM, Tensors, contend, resident_memory, task

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

baseline = resident_memory()
tensors = Tensors(task['tensors'])
first, *steps = tensors.plan
LAYOUT = ('NHWC', 'HWIO', 'NHWC')
MOVING = ('moving_mean', 'moving_variance')

weights = {w['name']: jnp.asarray(tensors[w['name']]) for step in steps for w in step['weights']}
trained = {name: value for name, value in weights.items() if not name.endswith(MOVING)}
moving = {name: value for name, value in weights.items() if name.endswith(MOVING)}
del weights


def conv(x, kernel, strides, pads, groups=1):
    return lax.conv_general_dilated(
        x, kernel, strides, pads, dimension_numbers=LAYOUT, feature_group_count=groups
    )


def separable(step, x, depthwise, pointwise):
    height, width, channels, _ = depthwise.shape
    depthwise = depthwise.reshape(height, width, 1, channels)
    x = conv(x, depthwise, step['strides'], step['pads'], channels)
    return conv(x, pointwise, (1, 1), 'VALID')


def batch_norm(step, x, gamma, beta, mean, variance, training):
    """The result, and the moving statistics after it."""
    if training:
        now = jnp.mean(x, (0, 1, 2)), jnp.var(x, (0, 1, 2))
        momentum = step['momentum']
        updated = [momentum * old + (1 - momentum) * new for old, new in zip((mean, variance), now)]
        mean, variance = now
    else:
        updated = [mean, variance]
    scale = gamma * lax.rsqrt(variance + step['epsilon'])
    return x * scale + (beta - mean * scale), updated


def max_pool(step, x):
    window, strides = [(1, *step[key], 1) for key in ('kernelSize', 'strides')]
    return lax.reduce_window(x, -jnp.inf, lax.max, window, strides, ((0, 0), *step['pads'], (0, 0)))


def network(trained, moving, x, training):
    values, moving = {first['name']: x}, dict(moving)
    for step in steps:
        names = [w['name'] for w in step['weights']]
        inputs = [values[name] for name in step['inputs']]
        w = [trained[name] if name in trained else moving[name] for name in names]
        match step['op']:
            case 'conv':
                y = conv(*inputs, *w, step['strides'], step['pads'])
            case 'separableConv':
                y = separable(step, *inputs, *w)
            case 'batchNorm':
                y, updated = batch_norm(step, *inputs, *w, training)
                moving.update(zip(names[2:], updated))
            case 'relu':
                y = jax.nn.relu(*inputs)
            case 'maxPool':
                y = max_pool(step, *inputs)
            case 'add':
                y = inputs[0] + inputs[1]
            case 'globalAveragePool':
                y = jnp.mean(*inputs, (1, 2))
            case 'dense':
                y = inputs[0] @ w[0] + w[1]
        values[step['name']] = y
    return y, moving


def loss_of(trained, moving, x, labels):
    logits, moving = network(trained, moving, x, True)
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], 1)), moving


@partial(jax.jit, donate_argnums=(0, 1, 2))
def train_step(trained, moving, velocities, x, labels):
    (loss, moving), gradients = jax.value_and_grad(loss_of, has_aux=True)(trained, moving, x, labels)
    velocities = jax.tree.map(lambda v, g: MOMENTUM * v + g, velocities, gradients)
    trained = jax.tree.map(lambda w, v: w - LEARNING_RATE * v, trained, velocities)
    return trained, moving, velocities, loss


@jax.jit
def infer(trained, moving, x):
    return network(trained, moving, x, False)[0]


images, labels = jnp.asarray(tensors['images']), jnp.asarray(tensors['labels'])
parameters = sum(value.size for value in [*trained.values(), *moving.values()])
velocities = jax.tree.map(jnp.zeros_like, trained)


def step():
    global trained, moving, velocities
    trained, moving, velocities, loss = train_step(trained, moving, velocities, images, labels)
    jax.block_until_ready(trained)
    return loss


contend(
    jax.__version__,
    baseline,
    parameters,
    lambda count: np.asarray(infer(trained, moving, images[:count])),
    step,
    lambda: np.asarray(infer(trained, moving, images)),
)
