import type { Library } from './library';

interface Kernels {
  /** In the order of their numbers. */
  names: readonly string[];
  /** The most arguments that fit. */
  capacity: number;
  /** Runs a kernel by its number; the bytes of scratch memory that it was refused, 0 where it ran. */
  run(index: number, args: ArrayLike<number>): number;
  /** Runs the calls at an address; `end`, or where the call stands that was refused scratch memory. */
  replay(address: number, begin: number, end: number): number;
  /** Who is told of a refusal. */
  library(): Library;
}

/** How a `Library` calls its kernels. */
export function kernelCalls(
  kernels: Kernels,
): Pick<Library, 'call' | 'callWith' | 'kernelNumber' | 'replay'> {
  const { names, capacity, run, library } = kernels;
  const numbers = new Map(names.map((name, i) => [name, i]));

  function kernelNumber(kernel: string): number {
    const index = numbers.get(kernel);
    if (index === undefined) throw new Error(`xcp backend: no kernel is named \`${kernel}\``);
    return index;
  }

  /** Runs a kernel, and again as long as room can be made for its scratch memory. */
  function insist(index: number, args: ArrayLike<number>): void {
    for (let attempt = 0; ; attempt++) {
      const refused = run(index, args);
      if (refused === 0) return;
      const { onScratchRefused } = library();
      if (!onScratchRefused) {
        throw new Error(`xcp backend: ${names[index]}: ${refused} bytes of scratch memory were refused`);
      }
      onScratchRefused(names[index]!, refused, attempt);
    }
  }

  function callWith(kernel: string, args: readonly number[]): void {
    const index = kernelNumber(kernel);
    if (args.length > capacity) {
      throw new Error(`xcp backend: ${kernel}: at most ${capacity} arguments, received ${args.length}`);
    }
    insist(index, args);
    library().onCall?.(index, args);
  }

  function replay(address: number, calls: Float64Array): void {
    for (let at = 0; at < calls.length; ) {
      at = kernels.replay(address, at, calls.length);
      if (at === calls.length) return;
      const [kernel, count] = [calls[at]!, calls[at + 1]!];
      insist(kernel, calls.subarray(at + 2, at + 2 + count));
      at += 2 + count;
    }
  }

  return { callWith, call: (kernel, ...args) => callWith(kernel, args), kernelNumber, replay };
}
