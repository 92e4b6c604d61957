import { type ChooseOptions, chooseEngine } from './choose-engine';
import { cpuEngine } from './cpu-engine';
import type { ChosenEngine, Engine, EngineChoice } from './engine';
import { webGpuEngine } from './webgpu-engine';
import { xcpWasmEngine } from './xcp-engine';

export interface UseEngineOptions extends ChooseOptions {
  /** Has no meaning in a browser. */
  cwd?: string;
}

/** All engines of a browser, in the order in which `auto` tries them. Nothing is loaded before an engine is probed. */
export function allEngines(): Engine[] {
  return [
    webGpuEngine(() => import('../webgpu/browser')),
    xcpWasmEngine(() => import('../browser')),
    cpuEngine,
  ];
}

/**
 * Makes the engine asked for, or with `auto` the fastest that works here, the backend of TensorFlow.js.
 *
 * @throws EngineError where the engine asked for (or with `auto` every engine) does not work
 * @throws RangeError where `device` is no index
 * @example
 * const { name, detail, passedOver } = await useEngine('auto');
 */
export function useEngine(
  choice: EngineChoice = 'auto',
  options: UseEngineOptions = {},
): Promise<ChosenEngine> {
  return chooseEngine(choice, allEngines(), options);
}

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
