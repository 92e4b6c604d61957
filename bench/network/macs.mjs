const product = (shape) => shape.reduce((a, b) => a * b, 1);

/** Multiply-accumulates of the convolutions and dense layers of a plan, for one image. */
export function countMacs(plan) {
  return plan.reduce((sum, step) => sum + macsOfStep(step), 0);
}

/** Trained and untrained weights of a plan; shared ones count once. */
export function countParameters(plan) {
  const sizes = plan.flatMap(({ weights }) => weights.map(({ name, shape }) => [name, product(shape)]));
  return [...new Map(sizes).values()].reduce((a, b) => a + b, 0);
}

/** A kernel is applied at every place of the output; a dense layer has one place, a depthwise kernel no channels out. */
function macsOfStep({ op, shape, weights }) {
  if (op !== 'conv' && op !== 'separableConv' && op !== 'dense') return 0;
  const places = product(shape.slice(0, -1));
  const kernels = weights.filter(({ name }) => name.endsWith('kernel'));
  return kernels.reduce((sum, kernel) => sum + places * product(kernel.shape), 0);
}
