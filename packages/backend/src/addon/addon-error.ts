/** The native addon cannot be used here. */
export class AddonError extends Error {
  override name = 'AddonError';

  constructor(
    /** Why, as it fits behind a colon. */
    readonly reason: string,
  ) {
    super(`xcp backend: ${reason}`);
  }
}
