import * as tf from '@tensorflow/tfjs-core';
import { backendStatus } from '@xcp/backend';
import { activateWebGpu, probeWebGpu } from '@xcp/backend/webgpu';

/** `auto` takes a GPU where the browser gives one, and wasm elsewhere. */
export const ENGINES = ['auto', 'webgpu', 'xcp-wasm'] as const;
export type EngineChoice = (typeof ENGINES)[number];

/** What trains, in words for the page. */
export interface EngineStatus {
  name: string;
  /** Null where that is not ours to say. */
  threads: number | null;
  /** What is worth knowing of it, such as why it has one thread alone. */
  note: string;
}

/**
 * Makes the engine of this worker ready.
 *
 * @throws where the browser has none that trains, or not the one asked for, with the reason.
 */
export async function activateEngine(choice: EngineChoice): Promise<EngineStatus> {
  if (choice === 'xcp-wasm') return activateWasm();
  // Whoever names WebGPU has it in software too, which is slower than wasm.
  const software = choice === 'webgpu';
  const probe = await probeWebGpu({ software });
  if (probe.available) {
    await activateWebGpu({ software });
    return { name: 'webgpu', threads: null, note: probe.detail };
  }
  if (choice === 'webgpu') throw new Error(`WebGPU cannot train here: ${probe.reason}`);
  const { note, ...status } = await activateWasm();
  return { ...status, note: `${note}. No WebGPU: ${probe.reason}` };
}

async function activateWasm(): Promise<EngineStatus> {
  const status = backendStatus();
  if (!status.available) throw new Error(`This browser cannot train: ${status.reason}`);
  await tf.setBackend('xcp-wasm');
  const note = globalThis.crossOriginIsolated
    ? `${status.isa}; the page is cross-origin isolated, so threads share its memory`
    : `${status.isa}; one thread, for the page is not cross-origin isolated`;
  return { name: 'xcp-wasm', threads: status.threads, note };
}
