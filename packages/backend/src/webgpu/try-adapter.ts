/**
 * Adds 1 and 1 on the adapter; says what is wrong with it, or null.
 *
 * It stands alone, without imports, for a child process runs its source.
 */
export async function tryAdapter(adapter: GPUAdapter): Promise<string | null> {
  const device = await adapter.requestDevice();
  try {
    const code = `@group(0) @binding(0) var<storage, read_write> x: array<f32>;
      @compute @workgroup_size(1) fn main() { x[0] = x[0] + 1.0; }`;
    const compute = { module: device.createShaderModule({ code }), entryPoint: 'main' };
    const pipeline = device.createComputePipeline({ layout: 'auto', compute });
    const [MAP_READ, COPY_SRC, COPY_DST, STORAGE] = [1, 4, 8, 128];
    const x = device.createBuffer({ size: 4, usage: STORAGE | COPY_SRC | COPY_DST });
    const result = device.createBuffer({ size: 4, usage: MAP_READ | COPY_DST });
    device.queue.writeBuffer(x, 0, new Float32Array([1]));
    const entries = [{ binding: 0, resource: { buffer: x } }];
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(1);
    pass.end();
    encoder.copyBufferToBuffer(x, 0, result, 0, 4);
    device.queue.submit([encoder.finish()]);
    await result.mapAsync(MAP_READ);
    const two = new Float32Array(result.getMappedRange())[0];
    return two === 2 ? null : `computes 1 + 1 = ${two}`;
  } finally {
    device.destroy();
  }
}
