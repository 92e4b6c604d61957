import { cpuEngine } from './cpu-engine';
import type { Engine } from './engine';
import { tfjsNodeEngine } from './tfjs-node-engine';
import { webGpuEngine } from './webgpu-engine';
import { xcpEngine, xcpWasmEngine } from './xcp-engine';

const loadBackend = () => import('../index');

/**
 * All engines, in the order in which `auto` tries them. Nothing is loaded before an engine is probed.
 *
 * @param cwd the folder from which optional packages are looked up, such as `@tensorflow/tfjs-node`
 */
export function allEngines(cwd: string = process.cwd()): Engine[] {
  return [
    tfjsNodeEngine('cuda', cwd),
    webGpuEngine(() => import('../webgpu/index'), cwd),
    xcpEngine(loadBackend),
    tfjsNodeEngine('node', cwd),
    xcpWasmEngine(loadBackend),
    cpuEngine,
  ];
}
