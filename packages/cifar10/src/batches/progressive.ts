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

/** What a source says of the work of a run, where its steps differ. */
export function workOf(
  { height, width }: { height: number; width: number },
  { progressive, size }: Sized,
): { workBefore?(steps: number): number } {
  if (progressive.length === 0) return {};
  const last = {
    untilStep: Number.POSITIVE_INFINITY,
    pixels: size === undefined ? height * width : size ** 2,
  };
  const stretches = [...progressive.map(({ untilStep, size }) => ({ untilStep, pixels: size ** 2 })), last];
  return {
    workBefore(steps) {
      let work = 0;
      let begin = 0;
      for (const { untilStep, pixels } of stretches) {
        const end = Math.min(steps, untilStep);
        work += (end - begin) * pixels;
        begin = end;
      }
      return work;
    },
  };
}
