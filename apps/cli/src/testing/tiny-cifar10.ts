import { CIFAR10_CLASSES, type Cifar10, type LabeledImages } from '@xcp/cifar10';

/** Images of one colour per class with some texture, in the shape of CIFAR-10. */
function images(length: number, phase: number): LabeledImages {
  const [height, width, channels] = [32, 32, 3];
  const bytes = new Uint8Array(length * height * width * channels);
  const labels = Uint8Array.from({ length }, (_, index) => index % 10);
  const pixels = height * width * channels;
  bytes.forEach((_, at) => {
    const label = labels[Math.floor(at / pixels)]!;
    bytes[at] = (25 * label + (at % 3) * 40 * (label % 2) + ((at * 7 + phase) % 23)) % 256;
  });
  return { images: bytes, labels, length, height, width, channels };
}

/** 50 images to train on, 20 to test with. */
export const tinyCifar10: Cifar10 = {
  train: images(50, 0),
  test: images(20, 5),
  classNames: CIFAR10_CLASSES,
};

/** `--set`s that make any preset small enough for the cpu engine: 8 pixels, 4 steps of 10 images an epoch. */
export const tinySettings = [
  'data.size=8',
  'data.validationShare=0.2',
  'batchSize=10',
  'model={"stem":{"filters":[4,4],"strides":[1,2],"padding":"same"},"entryFilters":[8],"middleBlocks":1,"middleConvs":1,"exitFilters":[8,8],"exitStride":1,"finalFilters":[8]}',
  'logging.everySteps=1',
].flatMap((setting) => ['--set', setting]);
