import { checkChoice } from '../check';
import type { LabeledImages } from '../labeled-images';
import { type ColorJitter, checkColorJitter } from './color-jitter';
import { type Cutout, checkCutout } from './cutout';
import type { Flip } from './flip';
import { type CutMix, checkMix, type Mixup } from './mix';
import { checkRandAugment, type RandAugment } from './rand-augment';
import { type Crop, type ShiftRange, shiftRange, type Translate } from './shift';

/**
 * How images vary from epoch to epoch. What is left out does not take place; what is given does in this order, on
 * bytes, but for the mixup, which blends normalized images.
 */
export interface AugmentOptions {
  /** Move images by padding them and cutting a window out. */
  crop?: Crop;
  /** Move images, by another distance across than up and down if you like. */
  translate?: Translate;
  /** Mirror images left to right. */
  flip?: Flip;
  /** Some of fourteen changes of place and colour, drawn for each image. Needs three channels. */
  randAugment?: RandAugment;
  /** Vary brightness, contrast, saturation and hue. Needs three channels. */
  colorJitter?: ColorJitter;
  /** Cover a square. */
  cutout?: Cutout;
  /** Cover a part with that part of another image; the batch then has `mixed`. */
  cutmix?: CutMix;
  /** Blend with another image; the batch then has `mixed`. With `cutmix` too, a coin for each image decides. */
  mixup?: Mixup;
}

export const AUGMENT_KEYS = [
  'crop',
  'translate',
  'flip',
  'randAugment',
  'colorJitter',
  'cutout',
  'cutmix',
  'mixup',
] as const;

/** Options that are checked, as plain data. */
export interface ResolvedAugmentation {
  readonly flip: Flip | undefined;
  readonly shift: ShiftRange | undefined;
  readonly randAugment: RandAugment | undefined;
  readonly colorJitter: ColorJitter | undefined;
  readonly cutout: Required<Cutout> | undefined;
  readonly cutmix: CutMix | undefined;
  readonly mixup: Mixup | undefined;
}

/** Checks every option against the set; `mean`, of the normalization, is what a cutout is filled with. */
export function resolveAugmentation(
  subject: string,
  options: AugmentOptions,
  set: LabeledImages,
  mean: readonly number[],
): ResolvedAugmentation {
  const { flip, randAugment, colorJitter, cutout, cutmix, mixup } = options;
  checkChoice(subject, 'flip', flip, ['random', 'alternating', undefined]);
  for (const [name, given] of Object.entries({ randAugment, colorJitter })) {
    if (given && set.channels !== 3) {
      throw new Error(`${subject}: \`${name}\` needs images of 3 channels, received ${set.channels}`);
    }
  }
  if (randAugment) checkRandAugment(subject, randAugment);
  if (colorJitter) checkColorJitter(subject, colorJitter);
  if (cutout) checkCutout(subject, cutout, set.channels);
  if (cutmix) checkMix(subject, 'cutmix', cutmix);
  if (mixup) checkMix(subject, 'mixup', mixup);
  const meanBytes = mean.map((value) => Math.min(255, Math.max(0, Math.round(255 * value))));
  return {
    flip,
    shift: shiftRange(subject, options, set),
    randAugment,
    colorJitter,
    cutout: cutout && { size: cutout.size, fill: cutout.fill ?? meanBytes },
    cutmix,
    mixup,
  };
}

/** Whether the bytes themselves change, and not their places alone. */
export const changesBytes = ({ randAugment, colorJitter, cutout }: ResolvedAugmentation) =>
  randAugment !== undefined || colorJitter !== undefined || cutout !== undefined;
