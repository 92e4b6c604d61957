import { UserError } from '../errors';
import type { ChosenEngine, Engine, EngineChoice } from './engine';

/**
 * Activates the engine asked for, or with `auto` the first of `engines` that works, and says why the earlier ones
 * were passed over.
 *
 * @throws UserError where the engine asked for (or with `auto` every engine) does not work.
 */
export async function chooseEngine(choice: EngineChoice, engines: readonly Engine[]): Promise<ChosenEngine> {
  const candidates = choice === 'auto' ? engines : engines.filter((engine) => engine.name === choice);
  const passedOver: ChosenEngine['passedOver'] = [];
  for (const engine of candidates) {
    const reason = await tryEngine(engine);
    if (typeof reason !== 'string') return { name: engine.name, detail: reason.detail, passedOver };
    passedOver.push({ name: engine.name, reason });
  }
  const reasons = passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  throw new UserError(
    `--engine ${choice}: not available (${reasons}); use --engine auto to take the best there is`,
  );
}

/** The engine's detail once it is active, or the reason why it is not. */
async function tryEngine(engine: Engine): Promise<{ detail: string } | string> {
  try {
    const probe = await engine.probe();
    if (!probe.available) return probe.reason;
    await engine.activate();
    return { detail: probe.detail };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
