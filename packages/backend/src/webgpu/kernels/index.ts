/** Registers our kernels in place of TensorFlow.js's, or beside them. */
export function registerKernels(): void {}
