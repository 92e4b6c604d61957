import * as tf from '@tensorflow/tfjs-core';
import { backendStatus } from '@xcp/backend';

/** What trains, in words for the page. */
export interface EngineStatus {
  name: string;
  threads: number;
  /** What is worth knowing of it, such as why it has one thread alone. */
  note: string;
}

/**
 * Makes the engine of this worker ready.
 *
 * @throws where the browser has none that trains, with the reason.
 */
export async function activateEngine(): Promise<EngineStatus> {
  const status = backendStatus();
  if (!status.available) throw new Error(`This browser cannot train: ${status.reason}`);
  await tf.setBackend('xcp-wasm');
  const isolated = globalThis.crossOriginIsolated;
  const note = isolated
    ? `${status.isa}; the page is cross-origin isolated, so threads share its memory`
    : `${status.isa}; one thread, for the page is not cross-origin isolated`;
  return { name: 'xcp-wasm', threads: status.threads, note };
}
