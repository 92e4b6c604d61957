/** The instruction sets that the kernels are compiled for in wasm, the best one first. */
export const wasmIsas = ['relaxed-simd', 'simd128'] as const;
export type WasmIsa = (typeof wasmIsas)[number];

export const isWasmIsa = (name: string | undefined): name is WasmIsa => wasmIsas.some((isa) => isa === name);

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
/** A module with one function that takes nothing and leaves a vector. */
const probe = (...code: number[]) =>
  Uint8Array.of(
    ...[...HEADER, 1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0],
    ...[10, code.length + 4, 1, code.length + 2, 0, ...code, 0x0b],
  );
const VECTOR = [0x41, 0, 0xfd, 0x0f]; // i32.const 0, i8x16.splat
const PROBES: Record<WasmIsa, Uint8Array> = {
  simd128: probe(...VECTOR),
  'relaxed-simd': probe(...VECTOR, ...VECTOR, ...VECTOR, 0xfd, 0x85, 2), // f32x4.relaxed_madd
};

export interface WasmVariant {
  isa: WasmIsa;
  /** Whether the memory is shared, so that workers can take part. */
  shared: boolean;
}

/**
 * The best build of the kernels that this runtime can run, or the one for `isa`.
 *
 * @throws where the runtime lacks the instruction set, or SIMD altogether.
 */
export function wasmVariant(shared: boolean, isa?: WasmIsa): WasmVariant {
  const candidates = isa === undefined ? wasmIsas : [isa];
  const chosen = candidates.find((name) => PROBES[name] && WebAssembly.validate(PROBES[name]));
  if (chosen) return { isa: chosen, shared };
  throw new Error(
    isa === undefined
      ? 'xcp backend: this runtime lacks WebAssembly SIMD; use a newer browser or runtime, or the cpu backend'
      : `xcp backend: this runtime lacks the WebAssembly instruction set \`${isa}\`; take one of ${wasmIsas.join(', ')}, or none to let the backend choose`,
  );
}

/** The name of its file in `wasm/`. */
export const wasmFile = ({ isa, shared }: WasmVariant): string =>
  `xcp-${isa === 'simd128' ? 'simd' : 'relaxed'}${shared ? '-threads' : ''}.wasm`;
