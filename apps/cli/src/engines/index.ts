import { cpuEngine } from './cpu-engine';
import type { Engine } from './engine';
import { tfjsNodeEngine } from './tfjs-node-engine';
import { xcpEngine, xcpWasmEngine } from './xcp-engine';

/** All engines, in the order in which `auto` tries them. */
export function allEngines(cwd: string): Engine[] {
  return [tfjsNodeEngine('cuda', cwd), xcpEngine, tfjsNodeEngine('node', cwd), xcpWasmEngine, cpuEngine];
}
