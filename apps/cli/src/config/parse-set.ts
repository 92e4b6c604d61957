import { UserError } from '../errors';

/** One `--set` of the command line: where in the configuration, and what. */
export interface Setting {
  path: string[];
  value: unknown;
}

/**
 * Reads `key=value` with a dotted key; the value is JSON where it parses as JSON, and text otherwise.
 *
 * @throws UserError where there is no `=`, or a part of the key is empty.
 * @example parseSet('optimizer.momentum=0.8') // { path: ['optimizer', 'momentum'], value: 0.8 }
 */
export function parseSet(text: string, option = '--set'): Setting {
  const equals = text.indexOf('=');
  const key = text.slice(0, Math.max(equals, 0)).trim();
  const path = key.split('.');
  if (equals < 0 || path.some((part) => part === '')) {
    throw new UserError(`${option}: must be key=value with a dotted key (like epochs=1), received "${text}"`);
  }
  return { path, value: parseValue(text.slice(equals + 1).trim()) };
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
