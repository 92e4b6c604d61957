import type { NamedArray } from '@xcp/safetensors';
import type { Slot } from './slots';

/** The value of a weight, copied, so that an engine that writes in place does not change it later. */
export async function readSlot({ name, shape, variable }: Slot): Promise<NamedArray> {
  if (variable.dtype !== 'float32') {
    throw new Error(`weights: '${name}' must be float32, received ${variable.dtype}`);
  }
  return { dtype: 'float32', shape, data: (await variable.data<'float32'>()).slice() };
}
