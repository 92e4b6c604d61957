import { checkChoice, checkInteger, checkKeys } from '../check';
import type { LabeledImages } from '../labeled-images';
import { below, randomWords, STREAM } from '../random';

/** What comes in from beyond the edge: black, or the image mirrored there (the edge itself is not repeated). */
export type Fill = 'zero' | 'reflect';

export interface Crop {
  /** Pixels added on every side before a window of the image's own size is cut out at a random place. */
  padding: number;
  /** What is added. */
  mode: Fill;
}

export interface Translate {
  /** The image moves by up to this many pixels to the left or the right. */
  horizontal: number;
  /** And by up to this many up or down. */
  vertical: number;
  /** What comes in from beyond the edge. */
  mode: Fill;
}

/** How far images move at most, whichever option says so. */
export interface ShiftRange {
  readonly vertical: number;
  readonly horizontal: number;
  readonly mode: Fill;
  readonly stream: number;
}

/**
 * The range that `crop` or `translate` stands for, or nothing.
 *
 * Throws if both are given, or if a mirror image would have to be wider than the image.
 */
export function shiftRange(
  subject: string,
  { crop, translate }: { crop?: Crop | undefined; translate?: Translate | undefined },
  { height, width }: LabeledImages,
): ShiftRange | undefined {
  // A mirror image holds all but the edge row, so it cannot reach any further.
  const most = (mode: Fill, size: number) => (mode === 'reflect' ? size - 1 : Number.MAX_SAFE_INTEGER);
  if (crop && translate) {
    throw new Error(`${subject}: give either \`crop\` or \`translate\`, received both; each moves the image`);
  }
  if (crop) {
    const { padding, mode } = crop;
    checkKeys(`${subject}: \`crop\``, crop, ['padding', 'mode']);
    checkInteger(subject, 'crop.padding', padding, 0, most(mode, Math.min(height, width)));
    checkChoice(subject, 'crop.mode', mode, ['zero', 'reflect']);
    return { vertical: padding, horizontal: padding, mode, stream: STREAM.crop };
  }
  if (translate) {
    const { horizontal, vertical, mode } = translate;
    checkKeys(`${subject}: \`translate\``, translate, ['horizontal', 'vertical', 'mode']);
    checkInteger(subject, 'translate.horizontal', horizontal, 0, most(mode, width));
    checkInteger(subject, 'translate.vertical', vertical, 0, most(mode, height));
    checkChoice(subject, 'translate.mode', mode, ['zero', 'reflect']);
    return { vertical, horizontal, mode, stream: STREAM.translate };
  }
  return undefined;
}

/** How far the window of image `index` is moved down and to the right in this epoch. */
export function shiftOf(
  range: ShiftRange | undefined,
  seed: number,
  epoch: number,
  index: number,
): [down: number, right: number] {
  if (!range) return [0, 0];
  const { vertical, horizontal, stream } = range;
  const [down, right] = randomWords(seed, stream, epoch, index);
  return [below(2 * vertical + 1, down) - vertical, below(2 * horizontal + 1, right) - horizontal];
}

/**
 * Writes to `map` from which source row (or column) each output row (or column) is read, −1 standing for black.
 *
 * The window is cut first and mirrored then, as in torchvision's usual RandomCrop → RandomHorizontalFlip.
 */
export function mapAxis(map: Int32Array, shift: number, mode: Fill | undefined, mirrored: boolean): void {
  const last = map.length - 1;
  for (let i = 0; i <= last; i++) {
    let from = (mirrored ? last - i : i) + shift;
    if (from < 0) from = mode === 'reflect' ? -from : -1;
    else if (from > last) from = mode === 'reflect' ? 2 * last - from : -1;
    map[i] = from;
  }
}
