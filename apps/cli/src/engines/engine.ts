/** The engines that `--engine` can name. */
export const engineNames = ['cuda', 'xcp', 'node', 'xcp-wasm', 'cpu'] as const;
export type EngineName = (typeof engineNames)[number];
export type EngineChoice = 'auto' | EngineName;

/** What a look at an engine found, before anything of it is used. */
export type Probe = { available: true; detail: string } | { available: false; reason: string };

/** One way to run TensorFlow.js. */
export interface Engine {
  readonly name: EngineName;
  /** Finds out whether the engine would work, without leaving a trace in this process where it would not. */
  probe(): Promise<Probe>;
  /** Makes it the backend of TensorFlow.js in this process. */
  activate(): Promise<void>;
}

/** The engine that a run uses, and why not an earlier one. */
export interface ChosenEngine {
  name: EngineName;
  /** What it runs on: device, instruction set, threads. */
  detail: string;
  passedOver: { name: EngineName; reason: string }[];
}
