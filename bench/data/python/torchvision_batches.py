"""The torchvision contenders of `pnpm bench --data`: the same work by the transforms that the task names."""
import json
import os
import resource
import sys
import time

task = json.loads(sys.argv[1])
os.environ['OMP_NUM_THREADS'] = '1'

import numpy as np  # noqa: E402
import torch  # noqa: E402
import torchvision  # noqa: E402
import torchvision.transforms as v1  # noqa: E402
from PIL import Image  # noqa: E402
from torchvision.transforms import v2  # noqa: E402

torch.set_num_threads(1)
SIZE, KIND = task['size'], task['transforms']
MEAN, STD = (0.4914, 0.4822, 0.4465), (0.247, 0.2435, 0.2616)
RECORD_BYTES = 3073
raw = np.fromfile(task['records'], np.uint8)


def transforms(augmented):
    """What is done to one image, and what to a whole batch."""
    library = v1 if KIND in ('v1', 'pil') else v2
    varied = [library.RandomCrop(32, padding=4), library.RandomHorizontalFlip()] if augmented else []
    # A PIL image is resized with antialiasing, which makes no difference to one that grows.
    resize = [] if SIZE == 32 else [library.Resize(SIZE, antialias=KIND == 'pil')]
    if KIND == 'pil':
        floats = [v1.ToTensor()]
    elif KIND == 'v1':
        floats = [v1.ConvertImageDtype(torch.float32)]
    else:
        floats = [v2.ToDtype(torch.float32, scale=True)]
    rest = [*floats, library.Normalize(MEAN, STD)]
    if KIND == 'v2-batch':
        # On floats laid out as channels last, which is where a resize by the batch is fastest.
        return library.Compose(varied or [v2.Identity()]), library.Compose([*rest, *resize])
    return library.Compose([*varied, *resize, *rest]), None


class Records(torch.utils.data.Dataset):
    """Decoded as torchvision's CIFAR10 does it: rows into planes, planes into NHWC."""

    def __init__(self, transform):
        rows = raw.reshape(-1, RECORD_BYTES)
        self.labels = rows[:, 0].astype(np.int64)
        planes = rows[:, 1:].reshape(-1, 3, 32, 32)
        self.images = np.ascontiguousarray(planes.transpose(0, 2, 3, 1)) if KIND == 'pil' else torch.from_numpy(planes)
        self.transform = transform

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        image = Image.fromarray(self.images[index]) if KIND == 'pil' else self.images[index]
        return self.transform(image), int(self.labels[index])


def loader(dataset):
    workers = task['workers']
    options = {'num_workers': workers, 'persistent_workers': True} if workers else {}
    return torch.utils.data.DataLoader(dataset, batch_size=task['batch'], shuffle=True, **options)


def by_batch(images, transform):
    if transform is None:
        return images
    return transform(images.contiguous(memory_format=torch.channels_last) if SIZE != 32 else images)


image_transform, batch_transform = transforms(augmented=False)
plain = by_batch(Records(image_transform)[0][0][None], batch_transform)
checked = plain[0].permute(1, 2, 0).flatten()[::97].tolist()

image_transform, batch_transform = transforms(augmented=True)
samples, keep = [], None
for epoch in range(task['epochs']):
    start = time.perf_counter()
    # A pool of processes keeps its copy of the images: only the first epoch decodes them.
    if keep is None or not task['workers']:
        keep = loader(Records(image_transform))
    count = 0
    for images, labels in keep:
        images = by_batch(images, batch_transform)
        count += len(labels)
    samples.append(count / (time.perf_counter() - start))
del keep

usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
cpu_seconds = sum(u.ru_utime + u.ru_stime for u in usage)
version, torch_version = (module.__version__.split('+')[0] for module in (torchvision, torch))
version = f'{version} (torch {torch_version})'
print(json.dumps({'version': version, 'samples': samples, 'checked': checked, 'cpuSeconds': cpu_seconds}), flush=True)
