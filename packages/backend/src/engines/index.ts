import { allEngines } from './all-engines';
import { type ChooseOptions, chooseEngine } from './choose-engine';
import type { ChosenEngine, EngineChoice } from './engine';

export interface UseEngineOptions extends ChooseOptions {
  /** The folder from which optional packages are looked up, such as `@tensorflow/tfjs-node`; by default where the process runs. */
  cwd?: string;
}

/**
 * Makes the engine asked for, or with `auto` the fastest that works here, the backend of TensorFlow.js.
 *
 * @throws EngineError where the engine asked for (or with `auto` every engine) does not work
 * @throws RangeError where `device` is no index
 * @example
 * const { name, detail, passedOver } = await useEngine('auto');
 * console.log(`${name}: ${detail}`);
 */
export function useEngine(
  choice: EngineChoice = 'auto',
  { cwd, ...options }: UseEngineOptions = {},
): Promise<ChosenEngine> {
  return chooseEngine(choice, allEngines(cwd), options);
}

export { allEngines } from './all-engines';
export { type ChooseOptions, chooseEngine } from './choose-engine';
export { cpuEngine } from './cpu-engine';
export { describeEngine, slowEngineWarning } from './describe-engine';
export {
  type ChosenEngine,
  type Engine,
  type EngineChoice,
  type EngineName,
  engineNames,
  type PassedOver,
  type Probe,
  type Wish,
} from './engine';
export { EngineError } from './engine-error';
