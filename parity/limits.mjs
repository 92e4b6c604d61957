// How far from the oracle's float64 we may be, relative to the largest number of its kind.
//
// float32 rounds to 6e-8; through 36 layers and sums over thousands of products that comes to 1e-6 in logits, loss
// and moving statistics, and to 2e-5 in the gradients of single weights, PyTorch's and TensorFlow's own float32
// included (`float32` in the fixtures). The limits are some ten times that.
const clear = {
  logits: 1e-5,
  loss: 1e-5,
  gradients: 2e-4,
  gradientsSamples: 1e-4,
  statistics: 1e-5,
  statisticsSamples: 1e-5,
  logitsAfter: 1e-5,
};

// Of the millions of rectified numbers of a full-width network at 128 pixels some lie nearer to 0 than float32 tells
// apart: on one side the gradient passes, on the other it does not. So any two computations differ by percents in some
// gradients, PyTorch's float32 and float64 too, and slightly in what a step makes of them.
const kinked = { ...clear, gradients: 0.1, gradientsSamples: 0.05, logitsAfter: 5e-4 };

export const limitsOf = ({ clearOfKinks }) => (clearOfKinks ? clear : kinked);

/** Quantities whose error is not below its limit, as text. */
export function exceeded(errors, case_) {
  const limits = limitsOf(case_);
  return Object.entries(errors)
    .filter(([quantity, error]) => !(error < limits[quantity]))
    .map(([quantity, error]) => `${quantity} off by ${error}, the limit is ${limits[quantity]}`);
}
