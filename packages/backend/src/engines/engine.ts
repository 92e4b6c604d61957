/** The engines, in the order in which `auto` tries them. */
export const engineNames = ['cuda', 'webgpu', 'xcp', 'node', 'xcp-wasm', 'cpu'] as const;
export type EngineName = (typeof engineNames)[number];
export type EngineChoice = 'auto' | EngineName;

/** What a look at an engine found, before anything of it is used. */
export type Probe = { available: true; detail: string } | { available: false; reason: string };

/** What is asked of an engine besides that it works. */
export interface Wish {
  /** Index of the device to compute on, where the engine has several; its first by default. */
  device?: number;
  /** That this engine and no other is wanted: it may then be one that `auto` would not take, such as a software GPU. */
  insisted?: boolean;
}

/** One way to run TensorFlow.js. */
export interface Engine {
  readonly name: EngineName;
  /** Whether a device can be chosen. */
  readonly hasDevices?: boolean;
  /** Finds out whether the engine would work, without leaving a trace in this process where it would not. */
  probe(wish?: Wish): Promise<Probe>;
  /** Makes it the backend of TensorFlow.js in this process. */
  activate(wish?: Wish): Promise<void>;
}

export interface PassedOver {
  name: EngineName;
  reason: string;
}

/** The engine in use, and why not an earlier one. */
export interface ChosenEngine {
  name: EngineName;
  /** What it runs on: device, instruction set, threads. */
  detail: string;
  /** Index of the device that was asked for. */
  device?: number;
  passedOver: PassedOver[];
}
