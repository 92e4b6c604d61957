// One engine in a headless Chromium: a run that is never stopped, and one whose browser is killed and started again.
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundlePage } from './bundle-page.mjs';
import { KILL_AT } from './experiment.mjs';
import { servePage } from './page-server.mjs';

const TIMEOUT_MS = 120_000;
const FLAGS = [
  '--headless --no-sandbox --no-first-run --disable-background-networking --disable-component-update',
  '--disable-sync --enable-unsafe-webgpu --use-webgpu-adapter=swiftshader',
]
  .join(' ')
  .split(' ');

/** Starts Chromium on a page; gives what ends it at once and waits for that. */
function openBrowser(chromium, profile, url) {
  const browser = spawn(chromium, [...FLAGS, `--user-data-dir=${profile}`, url], { stdio: 'ignore' });
  const ended = new Promise((resolve) => {
    browser.on('exit', resolve);
    browser.on('error', resolve);
  });
  return (signal) => {
    browser.kill(signal);
    return ended;
  };
}

/**
 * Trains on `engine` in `chromium`, on a page that is cross-origin isolated or not; then kills such a run (-9) and
 * resumes it in a new process.
 *
 * @returns what the run came to, and whether (`exact`) the one that was killed came to the same bits
 */
export async function trainInBrowser(chromium, isolated, engine) {
  const folder = mkdtempSync(join(tmpdir(), 'xcp-page-'));
  await bundlePage(folder);
  let onTold = () => {};
  const server = await servePage(folder, isolated, (path, body) => onTold(path, body));

  /** One life of the browser: until the page is done, or has told of step `kill`. */
  const live = async (run, kill = 0) => {
    const told = new Promise((resolve) => {
      const timer = setTimeout(() => resolve({ error: `no answer in ${TIMEOUT_MS / 1000} s` }), TIMEOUT_MS);
      onTold = (path, body) => {
        if (path !== '/result' && (kill === 0 || body !== kill)) return;
        clearTimeout(timer);
        resolve(path === '/result' ? body : {});
      };
    });
    const url = `${server.url}?${new URLSearchParams({ engine, run, kill })}`;
    const end = openBrowser(chromium, join(folder, 'profile'), url);
    const { error, ...result } = await told;
    await end(kill ? 'SIGKILL' : 'SIGTERM');
    if (error !== undefined) throw new Error(error);
    return result;
  };

  try {
    const whole = await live('whole');
    if (whole.crossOriginIsolated !== isolated) throw new Error('the page must be isolated as asked for');
    await live('killed', KILL_AT);
    const resumed = await live('killed');
    if (!resumed.begun) throw new Error('the killed run must have left a checkpoint');
    return { bits: whole.bits, losses: whole.losses, exact: resumed.bits === whole.bits };
  } finally {
    server.close();
    // Processes of the browser that outlive it still write there.
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
