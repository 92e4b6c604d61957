/** What a computation may come up against; a device has the least of each unless more is asked for. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxUniformBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
] as const;

/** What TensorFlow.js's backend uses where it is there: times of kernels, and canvases. */
const FEATURES = ['timestamp-query', 'bgra8unorm-storage'] as const;

/** A device with all that the adapter allows. */
export function openDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const requiredLimits: Record<string, number> = {};
  for (const name of LIMITS) {
    const limit = adapter.limits[name];
    if (limit !== undefined) requiredLimits[name] = limit;
  }
  const requiredFeatures = FEATURES.filter((name) => adapter.features.has(name));
  return adapter.requestDevice({ requiredLimits, requiredFeatures });
}
