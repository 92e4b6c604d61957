import * as tf from '@tensorflow/tfjs-core';
import { boolean, choice, knownKeys, number } from './config/checks';

/** Which versions of an image are evaluated beside itself: test-time augmentation. */
export interface Views {
  /** Each view and its mirror image, half each. Default false. */
  mirror?: boolean;
  /**
   * The image itself counts half, and an eighth each the image moved by so many pixels up, down, left and right.
   * Default 0: the image alone.
   */
  shift?: number;
  /** What comes in from beyond the edge: the image mirrored there, or zeros. Default 'reflect'. */
  fill?: 'reflect' | 'zero';
}

export type ResolvedViews = Required<Views>;

export function resolveViews(given: Views): ResolvedViews {
  const subject = 'evaluate.views';
  const {
    mirror = false,
    shift = 0,
    fill = 'reflect',
  } = knownKeys(subject, given, ['mirror', 'shift', 'fill']);
  return {
    mirror: boolean(subject, 'mirror', mirror),
    shift: number(subject, 'shift', shift, { integer: true, min: 0 }),
    fill: choice(subject, fill, { reflect: 'reflect' as const, zero: 'zero' as const }, 'fill'),
  };
}

/** @throws if a shift leaves nothing of images `[height, width]`. */
export function checkViews({ shift }: ResolvedViews, height: number, width: number): void {
  const most = Math.min(height, width) - 1;
  if (shift <= most) return;
  throw new Error(
    `evaluate: \`views.shift\` must be at most ${most} for images of ${height}×${width}, received ${shift}`,
  );
}

/** The mean logits over all views of images, NHWC, one view after another. */
export function meanLogits(
  logitsOf: (images: tf.Tensor4D) => tf.Tensor2D,
  images: tf.Tensor4D,
  views: ResolvedViews,
): tf.Tensor2D {
  const logits = (view: tf.Tensor4D) =>
    views.mirror
      ? tf.div<tf.Tensor2D>(tf.add(logitsOf(view), logitsOf(tf.reverse(view, 2))), 2)
      : logitsOf(view);
  const centre = logits(images);
  if (views.shift === 0) return centre;
  const sum = shifted(images, views).reduce<tf.Tensor2D>(
    (total, view) => tf.add(total, logits(view)),
    tf.zerosLike(centre),
  );
  return tf.add(tf.mul(centre, 0.5), tf.mul(sum, 0.125));
}

/** The images moved down, up, right and left. */
function shifted(images: tf.Tensor4D, { shift, fill }: ResolvedViews): tf.Tensor4D[] {
  const around: [number, number][] = [
    [0, 0],
    [shift, shift],
    [shift, shift],
    [0, 0],
  ];
  const padded = fill === 'zero' ? tf.pad(images, around) : tf.mirrorPad(images, around, 'reflect');
  const window = (row: number, column: number) => tf.slice(padded, [0, row, column, 0], images.shape);
  return [window(0, shift), window(2 * shift, shift), window(shift, 0), window(shift, 2 * shift)];
}
