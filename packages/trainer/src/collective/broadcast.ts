import * as tf from '@tensorflow/tfjs-core';
import type { NamedArrays } from '@xcp/safetensors';
import type { TrainState } from '../checkpoint/state';
import type { Checkpoint } from '../checkpoint/store';
import { readVariables, writeVariables } from '../weights';
import type { Collective } from './collective';

/**
 * Gives every rank the JSON data of rank 0.
 *
 * @example const config = await broadcastJson(collective, collective.rank === 0 ? readConfig() : null);
 */
export async function broadcastJson<T>(collective: Collective, value: T): Promise<T> {
  if (collective.size === 1) return value;
  const own = new TextEncoder().encode(JSON.stringify(value));
  const length = Uint32Array.of(own.length);
  await collective.broadcast(new Uint8Array(length.buffer));
  const bytes = collective.rank === 0 ? own : new Uint8Array(length[0]!);
  await collective.broadcast(bytes);
  return JSON.parse(new TextDecoder().decode(bytes));
}

type Specs = Record<string, { dtype: 'float32' | 'int32'; shape: number[] }>;
type Kinds = 'weights' | 'optimizer' | 'ema';
const kinds: readonly Kinds[] = ['weights', 'optimizer', 'ema'];

/** Gives every rank the checkpoint of rank 0, or null where that has none. */
export async function broadcastCheckpoint(
  collective: Collective,
  checkpoint: Checkpoint | null,
): Promise<Checkpoint | null> {
  if (collective.size === 1) return checkpoint;
  const header = await broadcastJson<{ state: TrainState; specs: Partial<Record<Kinds, Specs>> } | null>(
    collective,
    checkpoint && { state: checkpoint.state, specs: specsOf(checkpoint) },
  );
  if (!header) return null;
  const parts: Partial<Record<Kinds, NamedArrays>> = {};
  for (const kind of kinds) {
    const specs = header.specs[kind];
    if (specs) parts[kind] = await broadcastArrays(collective, specs, checkpoint?.[kind]);
  }
  // What is not in JSON, such as undefined, is not in a saved state either.
  return checkpoint ?? ({ ...parts, state: header.state } as Checkpoint);
}

function specsOf(checkpoint: Checkpoint): Partial<Record<Kinds, Specs>> {
  const present = kinds.filter((kind) => checkpoint[kind]);
  const specs = (arrays: NamedArrays) =>
    Object.fromEntries(
      Object.entries(arrays).map(([name, { dtype, shape }]) => [name, { dtype, shape: [...shape] }]),
    );
  return Object.fromEntries(present.map((kind) => [kind, specs(checkpoint[kind]!) as Specs]));
}

async function broadcastArrays(
  collective: Collective,
  specs: Specs,
  own: NamedArrays | undefined,
): Promise<NamedArrays> {
  const arrays: NamedArrays = {};
  for (const [name, { dtype, shape }] of Object.entries(specs)) {
    const size = tf.util.sizeFromShape(shape);
    const data = own?.[name]?.data ?? (dtype === 'int32' ? new Int32Array(size) : new Float32Array(size));
    await collective.broadcast(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    arrays[name] = { dtype, shape, data } as NamedArrays[string];
  }
  return arrays;
}

/** Gives variables the values that they have on rank 0. */
export async function broadcastVariables(
  collective: Collective,
  variables: Record<string, tf.Variable>,
): Promise<void> {
  if (collective.size === 1) return;
  const arrays = await readVariables(variables);
  for (const { data } of Object.values(arrays)) {
    await collective.broadcast(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  if (collective.rank > 0) writeVariables(variables, arrays);
}
