import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('xcp.mjs', import.meta.url));
const PATIENCE_MS = 60_000;

const within = (promise, what) =>
  Promise.race([
    promise,
    new Promise((_, reject) => setTimeout(() => reject(new Error(what)), PATIENCE_MS).unref()),
  ]);

/** Reads a stream of events until it tells that the run has moved on. */
async function untilChanged(events) {
  let text = '';
  for await (const chunk of events.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes('data: changed')) return;
  }
  throw new Error('the stream of events ended');
}

/** `xcp watch` of the run in `folder`: its page, its events, its end at Ctrl-C. Throws where one of them is amiss. */
export async function tryWatch({ command, args }, folder) {
  const child = spawn(command, [...args, program, 'watch', 'run', '--no-open', '--json'], { cwd: folder });
  const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve(code ?? signal)));
  try {
    let out = '';
    const url = new Promise((resolve) => {
      child.stdout.on('data', (text) => {
        out += text;
        const found = /"url":"([^"]+)"/.exec(out);
        if (found) resolve(found[1]);
      });
    });
    const address = await within(url, 'it must tell its address');
    const page = await fetch(address);
    if (page.status !== 200 || !(await page.text()).includes('<svg')) {
      throw new Error(`its page must show curves, received status ${page.status}`);
    }
    const events = await fetch(new URL('events', address));
    const changed = untilChanged(events);
    appendFileSync(join(folder, 'run', 'metrics.jsonl'), '\n');
    await within(changed, 'it must tell when the run has moved on');
    child.kill('SIGINT');
    const end = await within(ended, 'it must end at Ctrl-C');
    if (end !== 0) throw new Error(`it must end in good order, received ${end}`);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}
