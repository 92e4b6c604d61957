import type { ResolvedXceptionConfig } from './config';

/** A number of filters, multiplied by `width` and rounded to a multiple of 8. */
export function widened({ width }: Pick<ResolvedXceptionConfig, 'width'>, filters: number): number {
  return width === 1 ? filters : Math.max(8, 8 * Math.round((filters * width) / 8));
}
