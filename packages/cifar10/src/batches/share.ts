import { checkInteger, checkKeys } from '../check';

/** One of `size` processes (ranks) that train together, from 0. */
export interface Share {
  readonly rank: number;
  readonly size: number;
}

/** Images of a batch: from `begin` up to `end`. */
export interface ImageRange {
  readonly begin: number;
  readonly end: number;
}

/** Checks a share and copies it; without one a process makes all images. */
export function resolveShare(subject: string, given: Share = { rank: 0, size: 1 }): Share {
  checkKeys(`${subject}: \`share\``, given, ['rank', 'size']);
  const { rank, size } = given;
  checkInteger(subject, 'share.size', size, 1);
  checkInteger(subject, 'share.rank', rank, 0, size - 1);
  return { rank, size };
}

/** The images of a rank in a batch of `n`; shares differ by one image at most. */
export const imagesOf = ({ rank, size }: Share, n: number): ImageRange => ({
  begin: Math.floor((n * rank) / size),
  end: Math.floor((n * (rank + 1)) / size),
});
