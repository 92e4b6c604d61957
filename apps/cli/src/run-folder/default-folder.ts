import { join } from 'node:path';

const two = (value: number) => String(value).padStart(2, '0');

/**
 * Where a run goes when `--out` does not say, in local time.
 *
 * @example defaultFolder('quickstart', new Date(2026, 10, 24, 9, 5, 7)) // 'runs/quickstart-20261124-090507'
 */
export function defaultFolder(name: string, now: Date): string {
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  return join('runs', `${name}-${day}-${time}`);
}
