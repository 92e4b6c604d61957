import { checkInteger, checkKeys } from '../check';

/** A stretch of a run whose images have another size. */
export interface ProgressiveSize {
  /** The stretch ends before this step of the run, from 0: epoch · stepsPerEpoch + step. */
  untilStep: number;
  /** Side of its images in pixels. */
  size: number;
}

type Sized = { readonly size: number | undefined; readonly progressive: readonly ProgressiveSize[] };

/** Checks the stretches and copies them. */
export function resolveProgressive(subject: string, given: readonly ProgressiveSize[]): ProgressiveSize[] {
  if (!Array.isArray(given)) {
    throw new Error(
      `${subject}: \`progressive\` must be a list of { untilStep, size }, received ${JSON.stringify(given)}`,
    );
  }
  return given.map((stretch: ProgressiveSize, i) => {
    const name = `progressive[${i}]`;
    checkKeys(`${subject}: \`${name}\``, stretch, ['untilStep', 'size']);
    checkInteger(subject, `${name}.size`, stretch.size, 1);
    checkInteger(subject, `${name}.untilStep`, stretch.untilStep, given[i - 1]?.untilStep ?? 0);
    return { ...stretch };
  });
}

/** Side of the images in a step of the run, or `undefined` for that of the set. */
export function sizeAt({ size, progressive }: Sized, step: number): number | undefined {
  return progressive.find(({ untilStep }) => step < untilStep)?.size ?? size;
}

/**
 * The time of a step, relative to others: of a quarter of the pixels it is more than a quarter. The network of the preset
 * `quickstart` took times that go with pixels to the power of 0.6 to 0.8, that of `cifar-best` 0.8 to 1.1.
 */
const workOfImage = (pixels: number) => pixels ** 0.7;

/** What a source says of the work of a run, where its steps differ. */
export function workOf(
  { height, width }: { height: number; width: number },
  { progressive, size }: Sized,
): { workBefore?(steps: number): number } {
  if (progressive.length === 0) return {};
  const last = {
    untilStep: Number.POSITIVE_INFINITY,
    work: workOfImage(size === undefined ? height * width : size ** 2),
  };
  const stretches = [
    ...progressive.map(({ untilStep, size }) => ({ untilStep, work: workOfImage(size ** 2) })),
    last,
  ];
  return {
    workBefore(steps) {
      let sum = 0;
      let begin = 0;
      for (const { untilStep, work } of stretches) {
        const end = Math.min(steps, untilStep);
        sum += (end - begin) * work;
        begin = end;
      }
      return sum;
    },
  };
}
