import { checkInteger, checkKeys } from '../check';
import { below, randomWords, STREAM } from '../random';
import { adjustBrightness, adjustContrast, adjustSaturation } from './color';
import { moveNearest, type PixelImage, rotation, shearX, shearY, translation } from './geometry';
import { adjustSharpness, autoContrast, equalize, posterize, solarize } from './tone';

export interface RandAugment {
  /** Changes made to each image, one after the other. Default 2. */
  operations?: number;
  /** How strong they are, 0 to 30. Default 9. */
  magnitude?: number;
}

const STRONGEST = 30;
/** Streams that are kept free for the draws of single operations. */
const MOST_OPERATIONS = 64;

/** What one change does at a strength of 0 to 1, in a direction of 1 or −1. */
type Operation = (image: PixelImage, strength: number, direction: number) => void;

/** A factor of 0.1 to 1.9. */
const factor = (strength: number, direction: number) => 1 + direction * 0.9 * strength;

/** The fourteen changes of torchvision's `RandAugment`, in its order and with its ranges. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  identity: () => {},
  shearX: (image, strength, direction) =>
    moveNearest(image, shearX(direction * 0.3 * strength, image.height)),
  shearY: (image, strength, direction) => moveNearest(image, shearY(direction * 0.3 * strength, image.width)),
  translateX: (image, strength, direction) =>
    moveNearest(image, translation(Math.trunc(direction * strength * (150 / 331) * image.width), 0)),
  translateY: (image, strength, direction) =>
    moveNearest(image, translation(0, Math.trunc(direction * strength * (150 / 331) * image.height))),
  rotate: (image, strength, direction) => moveNearest(image, rotation(direction * 30 * strength)),
  brightness: ({ pixels }, strength, direction) => adjustBrightness(pixels, factor(strength, direction)),
  color: ({ pixels }, strength, direction) => adjustSaturation(pixels, factor(strength, direction)),
  contrast: ({ pixels }, strength, direction) => adjustContrast(pixels, factor(strength, direction)),
  sharpness: (image, strength, direction) => adjustSharpness(image, factor(strength, direction)),
  posterize: ({ pixels }, strength) => posterize(pixels, 8 - Math.round(4 * strength)),
  solarize: ({ pixels }, strength) => solarize(pixels, 255 - 255 * strength),
  autoContrast: ({ pixels }) => autoContrast(pixels),
  equalize: ({ pixels }) => equalize(pixels),
};
const operations = Object.values(OPERATIONS);

/** Throws unless there are 0 to 64 operations of a strength of 0 to 30. */
export function checkRandAugment(subject: string, options: RandAugment): void {
  checkKeys(`${subject}: \`randAugment\``, options, ['operations', 'magnitude']);
  checkInteger(subject, 'randAugment.operations', options.operations ?? 2, 0, MOST_OPERATIONS);
  checkInteger(subject, 'randAugment.magnitude', options.magnitude ?? 9, 0, STRONGEST);
}

/**
 * Changes image `index` in this epoch, in place, by operations drawn from fourteen, each in a direction of its own.
 *
 * Source: Cubuk et al., "RandAugment" (2019); ranges as in torchvision.
 */
export function randAugment(
  image: PixelImage,
  { operations: count = 2, magnitude = 9 }: RandAugment,
  seed: number,
  epoch: number,
  index: number,
): void {
  for (let n = 0; n < count; n++) {
    const [which, side] = randomWords(seed, STREAM.randAugment + n, epoch, index);
    const direction = side >>> 31 ? 1 : -1;
    operations[below(operations.length, which)]!(image, magnitude / STRONGEST, direction);
  }
}
