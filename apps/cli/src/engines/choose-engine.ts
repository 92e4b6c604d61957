import { type ChosenEngine, chooseEngine as choose, type Engine, EngineError } from '@xcp/backend/engines';
import { UserError } from '../errors';
import type { EngineOptions } from './engine-options';

/**
 * Activates the engine asked for, or with `auto` the first of `engines` that works, and says why the earlier ones
 * were passed over.
 *
 * @throws UserError where the engine asked for (or with `auto` every engine) does not work.
 */
export async function chooseEngine(
  { engine, device }: EngineOptions,
  engines: readonly Engine[],
): Promise<ChosenEngine> {
  try {
    return await choose(engine, engines, { device });
  } catch (error) {
    if (error instanceof EngineError) throw new UserError(wording(error, device));
    throw error;
  }
}

function wording({ choice, passedOver }: EngineError, device: number | undefined): string {
  const reasons = passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  const given = device === undefined ? `--engine ${choice}` : `--engine ${choice} --device ${device}`;
  const remedy = [
    device !== undefined && 'leave --device out',
    choice !== 'auto' && 'use --engine auto to take the best there is',
  ].filter(Boolean);
  return `${given}: not available (${reasons})${remedy.length > 0 ? `; ${remedy.join(' or ')}` : ''}`;
}
