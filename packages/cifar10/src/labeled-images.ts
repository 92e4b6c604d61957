/** Images of one size with their labels: `images` is NHWC, a byte per channel, and `labels` one byte per image. */
export interface LabeledImages {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
  /** Number of images. */
  readonly length: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** The whole data set: 50,000 images to train on, 10,000 to test with, and the names of the ten labels. */
export interface Cifar10 {
  readonly train: LabeledImages;
  readonly test: LabeledImages;
  readonly classNames: readonly string[];
}

/** Images of CIFAR-100: `labels` are those of the hundred classes. */
export interface Cifar100Images extends LabeledImages {
  /** For each image the label of its superclass. */
  readonly coarseLabels: Uint8Array;
}

/** CIFAR-100: 50,000 images to train on, 10,000 to test with, the names of its classes and of its superclasses. */
export interface Cifar100 {
  readonly train: Cifar100Images;
  readonly test: Cifar100Images;
  readonly classNames: readonly string[];
  readonly superclassNames: readonly string[];
}

/** Throws unless the arrays of `set` have the sizes that its shape announces. */
export function checkLabeledImages(subject: string, set: LabeledImages): void {
  const { images, labels, length, height, width, channels } = set;
  const bytes = length * height * width * channels;
  if (images.length !== bytes) {
    throw new Error(
      `${subject}: \`images\` must hold ${length}×${height}×${width}×${channels} = ${bytes} bytes, received ${images.length}`,
    );
  }
  if (labels.length !== length) {
    throw new Error(
      `${subject}: \`labels\` must hold one byte per image (${length}), received ${labels.length}`,
    );
  }
}
