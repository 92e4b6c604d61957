import { statSync } from 'node:fs';
import { runPaths } from '../run-folder/paths';

/** Milliseconds between two looks: network file systems tell nobody of changes. */
const EVERY = 1000;

/** Calls the listener whenever a file that a report is made of has changed; returns what ends that. */
export function onChange(folder: string, listener: () => void): () => void {
  const { config, metrics, result, mistakes } = runPaths(folder);
  const state = () => [config, metrics, result, mistakes].map(fingerprint).join(' ');
  let last = state();
  const timer = setInterval(() => {
    const now = state();
    if (now === last) return;
    last = now;
    listener();
  }, EVERY);
  timer.unref();
  return () => clearInterval(timer);
}

function fingerprint(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs}:${stat.size}` : '–';
}
