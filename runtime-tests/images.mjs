// Made-up images in the shape of CIFAR-10, the same in every runtime. Knows no runtime.
import { CIFAR10_CLASSES } from '@xcp/cifar10';

const [height, width, channels] = [32, 32, 3];

/** Images of ten classes, told apart by colour, with some texture. */
function images(length, phase) {
  const pixels = height * width * channels;
  const labels = Uint8Array.from({ length }, (_, index) => index % 10);
  const bytes = Uint8Array.from({ length: length * pixels }, (_, at) => {
    const label = labels[Math.floor(at / pixels)];
    return (25 * label + (at % channels) * 40 * (label % 2) + ((at * 7 + phase) % 23)) % 256;
  });
  return { images: bytes, labels, length, height, width, channels };
}

/** 80 images to train on, 20 to test with. */
export const madeUpCifar10 = () => ({
  train: images(80, 0),
  test: images(20, 5),
  classNames: CIFAR10_CLASSES,
});
