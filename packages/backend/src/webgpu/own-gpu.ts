/** What the runtime has, as Deno and browsers do, or what somebody put there. */
export function ownGpu(): GPU | undefined {
  return (globalThis as { navigator?: { gpu?: GPU } }).navigator?.gpu;
}
