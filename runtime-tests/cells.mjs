// The cells of the table: each engine in each runtime, tried.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { trainInBrowser } from './browser.mjs';
import { trainAndResume } from './train-and-resume.mjs';

/** The engines, as `--engine auto` tries them. */
export const ENGINES = ['cuda', 'webgpu', 'xcp', 'node', 'xcp-wasm', 'cpu'];

const probe = fileURLToPath(new URL('probe-engines.mjs', import.meta.url));

/** Why an engine is not for a page. */
const NOT_IN_BROWSER = {
  cuda: 'needs native code, which a page has not',
  xcp: 'needs native code, which a page has not',
  node: 'needs native code, which a page has not',
};

/** What keeps each engine from running in a runtime: nothing where it is undefined. */
function hindrances({ command, args }) {
  const { status, stdout, stderr } = spawnSync(command, [...args, probe], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (status !== 0) throw new Error(`the engines cannot be asked: ${stderr.trim().split('\n').at(-1)}`);
  const told = JSON.parse(stdout.trim().split('\n').at(-1));
  return (engine) => {
    const found = told.find((each) => each.engine === engine);
    if (found === undefined) return 'the command line has no such engine';
    return found.available ? undefined : found.reason;
  };
}

async function attempt(work) {
  try {
    return { state: 'ran', ...(await work()) };
  } catch (error) {
    return { state: 'failed', reason: error.message };
  }
}

/** Tries `engines` in a runtime with files; yields a cell each. */
export async function* cellsOf(runtime, engines) {
  const hindrance = hindrances(runtime);
  for (const engine of engines) {
    const reason = hindrance(engine);
    // Relaxed SIMD may round a sum of products once or twice, as each runtime likes: the plain one is the same in all.
    const env = engine === 'xcp-wasm' ? { XCP_ISA: 'simd128' } : {};
    const cell = reason
      ? { state: 'not run', reason }
      : await attempt(() => trainAndResume(runtime, engine, env));
    yield { runtime: runtime.name, engine, ...cell };
  }
}

/** The same in a browser, on a page that is cross-origin isolated or not. */
export async function* browserCells({ name, command }, isolated, engines) {
  for (const engine of engines) {
    const reason = NOT_IN_BROWSER[engine];
    const cell = reason
      ? { state: 'not run', reason }
      : await attempt(() => trainInBrowser(command, isolated, engine));
    yield { runtime: `${name}, ${isolated ? '' : 'not '}isolated`, engine, ...cell };
  }
}
