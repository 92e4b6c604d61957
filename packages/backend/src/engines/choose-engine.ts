import type { ChosenEngine, Engine, EngineChoice, PassedOver, Wish } from './engine';
import { EngineError } from './engine-error';

export interface ChooseOptions {
  /** Index of the device to compute on; engines without devices are then passed over. */
  device?: number;
  /** Told of each engine that does not work, before the next one is tried. */
  onPassedOver?(passedOver: PassedOver): void;
}

/**
 * Activates the engine asked for, or with `auto` the first of `engines` that works.
 *
 * @throws EngineError where the engine asked for (or with `auto` every engine) does not work
 * @throws RangeError where `device` is no index
 * @example
 * const { name, detail, passedOver } = await chooseEngine('auto', allEngines());
 */
export async function chooseEngine(
  choice: EngineChoice,
  engines: readonly Engine[],
  { device, onPassedOver }: ChooseOptions = {},
): Promise<ChosenEngine> {
  if (device !== undefined && !(Number.isSafeInteger(device) && device >= 0)) {
    throw new RangeError(`engine: \`device\` must be an index from 0 on, received ${device}`);
  }
  const candidates = choice === 'auto' ? engines : engines.filter((engine) => engine.name === choice);
  const passedOver: PassedOver[] = [];
  const wish: Wish = { device, insisted: choice !== 'auto' };
  for (const engine of candidates) {
    const found = await tryEngine(engine, wish);
    if ('detail' in found) {
      return { name: engine.name, ...found, ...(device !== undefined && { device }), passedOver };
    }
    const passed = { name: engine.name, ...found };
    passedOver.push(passed);
    onPassedOver?.(passed);
  }
  if (candidates.length === 0) passedOver.push(...unknown(choice));
  throw new EngineError(choice, passedOver);
}

/** Of an engine that this runtime does not have, as `cuda` in a browser. */
function unknown(choice: EngineChoice): PassedOver[] {
  return choice === 'auto' ? [] : [{ name: choice, reason: 'there is no such engine in this runtime' }];
}

/** The engine's detail once it is active, or the reason why it is not. */
async function tryEngine(engine: Engine, wish: Wish): Promise<{ detail: string } | { reason: string }> {
  if (wish.device !== undefined && !engine.hasDevices) {
    return { reason: 'has no devices to choose from' };
  }
  try {
    const probe = await engine.probe(wish);
    if (!probe.available) return { reason: probe.reason };
    await engine.activate(wish);
    return { detail: probe.detail };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}
