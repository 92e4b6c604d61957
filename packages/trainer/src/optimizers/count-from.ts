import type { Courses, Optimizer } from './optimizer';

/**
 * An optimizer that has taken `before` steps when the run begins, while what is scheduled counts the run's own steps.
 */
export function countFrom(
  before: number,
  courses: Courses,
  create: (courses: Courses) => Optimizer,
): Optimizer {
  const shifted = Object.fromEntries(
    Object.entries(courses).map(([name, at]) => [name, (step: number) => at(step - before)]),
  );
  const optimizer = create(shifted);
  return {
    slots: optimizer.slots,
    apply: (gradients, learningRate, step) => optimizer.apply(gradients, learningRate, step + before),
  };
}
