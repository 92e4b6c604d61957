const round = (value, digits = 2) => Number(value.toFixed(digits));

/** Lines of a profile's table, the longest first, each for one of `steps` steps of `stepMs` milliseconds. */
export function profileRows(map, steps, stepMs) {
  return [...map]
    .sort(([, a], [, b]) => b.ms - a.ms)
    .map(([name, { ms, native, macs, calls }]) => ({
      name,
      ms: round(ms / steps),
      share: `${round((100 * ms) / steps / stepMs, 1)} %`,
      calls: round(calls / steps, 1),
      'JavaScript ms': round((ms - native) / steps),
      GFLOPS: macs > 0 ? round((2 * macs) / ms / 1e6, 0) : '',
    }));
}

/** How one step's time divides between native kernels and JavaScript within and around them. */
export function profileSummary({ byKernel, native }, steps, stepMs) {
  const kernels = [...byKernel.values()];
  const inKernels = kernels.reduce((sum, { ms }) => sum + ms, 0) / steps;
  const nativeMs = native / steps;
  const products = kernels.filter(({ macs }) => macs > 0);
  const flops = (2 * products.reduce((sum, { macs }) => sum + macs, 0)) / steps;
  const productMs = products.reduce((sum, { ms }) => sum + ms, 0) / steps;
  return {
    stepMs: round(stepMs),
    nativeMs: round(nativeMs),
    javaScriptInKernelsMs: round(inKernels - nativeMs),
    javaScriptAroundKernelsMs: round(stepMs - inKernels),
    javaScriptShare: round((stepMs - nativeMs) / stepMs, 3),
    calls: round(kernels.reduce((sum, { calls }) => sum + calls, 0) / steps, 0),
    gflops: round(flops / stepMs / 1e6, 1),
    gflopsInProducts: round(flops / productMs / 1e6, 1),
  };
}
