import type { Probe } from '../engines/engine';
import { findAdapter } from './find-adapter';
import { tryAdapter } from './try-adapter';

/** Looks for an adapter and computes on it, in this process. */
export async function examine(gpu: GPU, software: boolean): Promise<Probe> {
  try {
    const found = await findAdapter(gpu, software);
    if ('reason' in found) return { available: false, reason: found.reason };
    const wrong = await tryAdapter(found.adapter);
    return wrong === null ? { available: true, detail: found.detail } : { available: false, reason: wrong };
  } catch (error) {
    return { available: false, reason: `does not work: ${firstLine(error)}` };
  }
}

export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!.replace(/[.\s]+$/, '');
}
