import { env, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Gpu } from './gpu';

/** A program for the GPU. */
export interface Shader<Buffer extends string = string, Uniform extends string = string> {
  /** Programs with equal names are equal. */
  name: string;
  /** Float32 tensors by the names that the code has for them; every one must be used there. */
  buffers: Record<Buffer, 'read' | 'read_write'>;
  /** Numbers that the code reads as `u.name`; without u.name in the code there must be none. */
  uniforms: Record<Uniform, 'u32' | 'f32'>;
  /** WGSL with the entry point `main`. */
  code: string;
}

/** Threads of a workgroup where every thread has an element. */
export const GROUP = 256;

/** Workgroups for so many elements; threads go on to further ones where there are more than a dispatch may have. */
export function groupsFor(elements: number): [number, number, number] {
  return [Math.min(Math.ceil(elements / GROUP), 65535), 1, 1];
}

/** Runs `body` for every element `i` below `u.size`. */
export function forEachElement(body: string): string {
  return `
    @compute @workgroup_size(${GROUP})
    fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
      for (var i = id.x; i < u.size; i += groups.x * ${GROUP}u) { ${body} }
    }`;
}

/** Queues a program. What it writes is on the GPU alone from then on. */
export function runShader<Buffer extends string, Uniform extends string>(
  gpu: Gpu,
  shader: Shader<Buffer, Uniform>,
  tensors: Record<Buffer, TensorInfo>,
  uniforms: Record<Uniform, number>,
  workgroups: [number, number, number],
): void {
  const buffers = Object.entries(shader.buffers) as [Buffer, 'read' | 'read_write'][];
  for (const [name, access] of buffers) {
    const { dataId } = tensors[name];
    gpu.uploadToGPU(dataId);
    // A copy that was read earlier would be taken for the values later.
    if (access === 'read_write') gpu.tensorMap.get(dataId).values = null;
  }
  const pipeline = pipelineOf(gpu, shader);
  const resources: GPUBindingResource[] = buffers.map(([name]) => ({
    buffer: gpu.tensorMap.get(tensors[name].dataId).resource as GPUBuffer,
  }));
  const numbers = Object.entries(shader.uniforms) as [Uniform, 'u32' | 'f32'][];
  resources.push(
    gpu.makeUniforms(
      numbers.map(([name, type]) => ({
        type: type === 'u32' ? 'uint32' : 'float32',
        data: [uniforms[name]],
      })),
    ),
  );
  const entries = resources.map((resource, binding) => ({ binding, resource }));
  const bindGroup = gpu.device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  for (const [name] of buffers) gpu.commandQueueOwnedIds.add(tensors[name].dataId);

  gpu.ensureCommandEncoderReady();
  gpu.computePassEncoder ??= gpu.commandEncoder!.beginComputePass();
  gpu.computePassEncoder.setPipeline(pipeline);
  gpu.computePassEncoder.setBindGroup(0, bindGroup);
  gpu.computePassEncoder.dispatchWorkgroups(...workgroups);
  gpu.dispatchCountInPass++;
  if (gpu.dispatchCountInPass < env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE')) return;
  gpu.endComputePassEncoder();
  gpu.submitQueue();
}

function pipelineOf(gpu: Gpu, shader: Shader): GPUComputePipeline {
  const key = `xcp ${shader.name}`;
  gpu.pipelineCache[key] ??= gpu.device.createComputePipeline({
    compute: { module: gpu.device.createShaderModule({ code: source(shader) }), entryPoint: 'main' },
    label: key,
    layout: 'auto',
  });
  return gpu.pipelineCache[key] as GPUComputePipeline;
}

function source({ buffers, uniforms, code }: Shader): string {
  const fields = Object.entries(uniforms).map(([name, type]) => `${name}: ${type},`);
  const bindings = Object.entries(buffers).map(
    ([name, access], i) => `@group(0) @binding(${i}) var<storage, ${access}> ${name}: array<f32>;`,
  );
  return `
    struct Uniforms { ${fields.join(' ')} }
    ${bindings.join('\n')}
    @group(0) @binding(${bindings.length}) var<uniform> u: Uniforms;
    ${code}`;
}
