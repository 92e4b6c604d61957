import type { EngineChoice, PassedOver } from './engine';

/** No engine of those asked for works here. */
export class EngineError extends Error {
  override name = 'EngineError';

  constructor(
    readonly choice: EngineChoice,
    /** Every engine that was tried, and why it does not work. */
    readonly passedOver: readonly PassedOver[],
  ) {
    const reasons = passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
    const remedy = choice === 'auto' ? '' : '; use "auto" to take the best there is';
    super(`engine: must be one that works here, received "${choice}" (${reasons})${remedy}`);
  }
}
