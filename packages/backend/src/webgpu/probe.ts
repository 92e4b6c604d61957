/** What a look at an engine found, before anything of it is used. */
export type Probe = { available: true; detail: string } | { available: false; reason: string };

export interface WebGpuOptions {
  /** Folder from which optional packages are looked up first. Default the working directory; a browser has none. */
  cwd?: string;
  /** Takes an adapter that computes on the CPU (SwiftShader, llvmpipe) in place of a GPU. Default false. */
  software?: boolean;
}
