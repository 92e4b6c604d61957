"""PyTorch, eager or compiled, in either layout. The network is built from the plan, so it is the same function."""
from task import LEARNING_RATE, MOMENTUM, Tensors, contend, resident_memory, task, threads

import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(threads)
baseline = resident_memory()
tensors = Tensors(task['tensors'])
layout = torch.channels_last if task['layout'] == 'channels_last' else torch.contiguous_format


def kernel(name, depthwise=False):
    """Height, width, in, out, as TensorFlow has it, to out, in, height, width; a depthwise one has no out there."""
    value = torch.from_numpy(tensors[name])
    return value.permute(2, 3, 0, 1) if depthwise else value.permute(3, 2, 0, 1)


def conv(step, weight, groups=1, pointwise=False):
    (top, bottom), (left, right) = [(0, 0), (0, 0)] if pointwise else step['pads']
    assert top == bottom and left == right, f'{step["name"]}: PyTorch pads both sides alike'
    stride = 1 if pointwise else step['strides']
    out, size = weight.shape[0], weight.shape[2:]
    module = nn.Conv2d(weight.shape[1] * groups, out, size, stride, (top, left), groups=groups, bias=False)
    with torch.no_grad():
        module.weight.copy_(weight)
    return module


def separable(step):
    depthwise, pointwise = [w['name'] for w in step['weights']]
    return nn.Sequential(
        conv(step, kernel(depthwise, depthwise=True), groups=tensors[depthwise].shape[2]),
        conv(step, kernel(pointwise), pointwise=True),
    )


def batch_norm(step):
    gamma, beta, mean, variance = [torch.from_numpy(tensors[w['name']]) for w in step['weights']]
    module = nn.BatchNorm2d(len(gamma), step['epsilon'], 1 - step['momentum'])
    with torch.no_grad():
        module.weight.copy_(gamma)
        module.bias.copy_(beta)
    module.running_mean.copy_(mean)
    module.running_var.copy_(variance)
    return module


def max_pool(step):
    (top, bottom), (left, right) = step['pads']
    # One row behind and none before is what rounding the size up does.
    ceil = (bottom, right) != (top, left)
    assert not ceil or (top, left) == (0, 0)
    return nn.MaxPool2d(step['kernelSize'], step['strides'], (top, left), ceil_mode=ceil)


def dense(step):
    weight, bias = [torch.from_numpy(tensors[w['name']]) for w in step['weights']]
    module = nn.Linear(*weight.shape)
    with torch.no_grad():
        module.weight.copy_(weight.T)
        module.bias.copy_(bias)
    return module


class Add(nn.Module):
    def forward(self, a, b):
        return a + b


BUILD = {
    'conv': lambda step: conv(step, kernel(step['weights'][0]['name'])),
    'separableConv': separable,
    'batchNorm': batch_norm,
    'relu': lambda step: nn.ReLU(),
    'maxPool': max_pool,
    'add': lambda step: Add(),
    'globalAveragePool': lambda step: nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
    'dense': dense,
}


class Network(nn.Module):
    def __init__(self, plan):
        super().__init__()
        self.input, *steps = plan
        shared = {}
        self.modules_in_order = nn.ModuleList()
        self.wiring = []
        made_by = {step['name']: step['op'] for step in plan}
        for step in steps:
            key = tuple(w['name'] for w in step['weights']) or step['name']
            if key not in shared:
                shared[key] = BUILD[step['op']](step)
            module = shared[key]
            # Batch norm's gradient needs its input alone, so what reads only its result may overwrite it.
            if step['op'] == 'relu' and step['frees'] and made_by[step['inputs'][0]] == 'batchNorm':
                module.inplace = True
            self.modules_in_order.append(module)
            self.wiring.append((step['name'], step['inputs'], step['frees']))

    def forward(self, x):
        values = {self.input['name']: x}
        del x
        for module, (name, inputs, frees) in zip(self.modules_in_order, self.wiring):
            arguments = [values[i] for i in inputs]
            for i in frees:
                del values[i]
            values[name] = module(*arguments)
            del arguments
        return values[name]


model = Network(tensors.plan).to(memory_format=layout)
parameters = sum(p.numel() for p in model.parameters())
parameters += sum(b.numel() for n, b in model.named_buffers() if 'running' in n)
images = torch.from_numpy(tensors['images']).permute(0, 3, 1, 2).contiguous(memory_format=layout)
labels = torch.from_numpy(tensors['labels']).long()
optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM, fused=True)
forward = torch.compile(model) if task.get('compile') else model


def step():
    model.train()
    optimizer.zero_grad(set_to_none=True)
    loss = F.cross_entropy(forward(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


@torch.inference_mode()
def predict(x=images):
    model.eval()
    return forward(x).numpy()


def logits(count):
    model.eval()
    with torch.inference_mode():
        return model(images[:count].contiguous(memory_format=layout)).numpy()


contend(torch.__version__, baseline, parameters, logits, step, predict)
