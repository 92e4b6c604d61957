export interface WebGpuOptions {
  /** Folder from which optional packages are looked up first. Default the working directory; a browser has none. */
  cwd?: string;
  /** Takes an adapter that computes on the CPU (SwiftShader, llvmpipe) in place of a GPU. Default false. */
  software?: boolean;
}
