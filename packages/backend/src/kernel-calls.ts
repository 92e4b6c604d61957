import type { Library } from './library';

interface Kernels {
  /** In the order of their numbers. */
  names: readonly string[];
  /** The most arguments that fit. */
  capacity: number;
  /** Runs a kernel by its number; the bytes of scratch memory that it was refused, 0 where it ran. */
  run(index: number, args: readonly number[]): number;
  /** Who is told of a refusal. */
  library(): Library;
}

/** `call` and `callWith` of a `Library`. */
export function kernelCalls({ names, capacity, run, library }: Kernels): Pick<Library, 'call' | 'callWith'> {
  const numbers = new Map(names.map((name, i) => [name, i]));
  const callWith = (kernel: string, args: readonly number[]) => {
    const index = numbers.get(kernel);
    if (index === undefined) throw new Error(`xcp backend: no kernel is named \`${kernel}\``);
    if (args.length > capacity) {
      throw new Error(`xcp backend: ${kernel}: at most ${capacity} arguments, received ${args.length}`);
    }
    for (let attempt = 0; ; attempt++) {
      const refused = run(index, args);
      if (refused === 0) return;
      const { onScratchRefused } = library();
      if (!onScratchRefused) {
        throw new Error(`xcp backend: ${kernel}: ${refused} bytes of scratch memory were refused`);
      }
      onScratchRefused(kernel, refused, attempt);
    }
  };
  return { callWith, call: (kernel, ...args) => callWith(kernel, args) };
}
