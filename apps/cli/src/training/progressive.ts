import type { ProgressiveSize } from '@xcp/cifar10';
import type { RunConfig } from '../config/run-config';

/** The steps that a run is planned for, whose shares its schedule goes by. */
export function plannedSteps({ steps, epochs, batchSize }: RunConfig, images: number): number {
  return steps ?? epochs! * Math.ceil(images / batchSize);
}

/** The stretches of a run on so many training images that are at another size than the rest. */
export function progressiveSteps(config: RunConfig, images: number): ProgressiveSize[] {
  const steps = plannedSteps(config, images);
  return config.data.progressive.map(({ until, size }) => ({ untilStep: Math.round(until * steps), size }));
}

/** How many steps a run on so many training images takes at each size, in their order. */
export function stepsBySize(config: RunConfig, images: number): { size: number; steps: number }[] {
  const all = plannedSteps(config, images);
  const last = Math.min(all, config.maxSteps ?? all);
  let begin = 0;
  return [...progressiveSteps(config, images), { untilStep: last, size: config.data.size }]
    .map(({ untilStep, size }) => {
      const end = Math.max(begin, Math.min(last, untilStep));
      const steps = end - begin;
      begin = end;
      return { size, steps };
    })
    .filter(({ steps }) => steps > 0);
}
