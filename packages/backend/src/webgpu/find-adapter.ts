export type FoundAdapter = { adapter: GPUAdapter; detail: string } | { reason: string };

/**
 * The adapter to compute on: a GPU, or with `software` one that computes on the CPU.
 *
 * It stands alone, without imports, for a child process runs its source.
 */
export async function findAdapter(gpu: GPU, software: boolean): Promise<FoundAdapter> {
  const fast: GPURequestAdapterOptions = { powerPreference: 'high-performance' };
  const adapter =
    (software ? await gpu.requestAdapter({ forceFallbackAdapter: true }) : null) ??
    (await gpu.requestAdapter(fast));
  if (!adapter) {
    return { reason: 'finds no adapter: no GPU, or no driver for Vulkan, Metal or Direct3D 12' };
  }
  // `info` and what it holds came into the standard one by one.
  const described = adapter as unknown as { info?: Record<string, unknown>; isFallbackAdapter?: boolean };
  const info = described.info ?? {};
  const words = ['description', 'device', 'architecture', 'vendor'].map((key) => String(info[key] ?? ''));
  const name = words.find((word) => /[a-z]/i.test(word)) ?? 'an adapter without a name';
  const isSoftware =
    described.isFallbackAdapter === true ||
    info.isFallbackAdapter === true ||
    /swiftshader|llvmpipe|lavapipe|softpipe|basic render|software/i.test(words.join(' '));
  if (isSoftware && !software) {
    return {
      reason: `finds only an adapter that computes on the CPU (${name}), which is used on request alone`,
    };
  }
  if (!isSoftware && software) return { reason: `finds no software adapter, only ${name}` };
  return { adapter, detail: isSoftware ? `${name}, in software` : name };
}
