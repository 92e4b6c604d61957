import type { Setting } from './parse-set';

type Plain = Record<string, unknown>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `base` with `value` laid at `path`; `base` itself is not changed. */
function lay(base: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const section = isPlain(base) ? base : {};
  return { ...section, [key]: lay(section[key], rest, value) };
}

/** What a length of the run takes the place of. */
const otherLength: Record<string, string> = { epochs: 'steps', steps: 'epochs' };

/** A setting of one length of the run takes the other one away. */
function withoutOtherLength(setting: Setting): Setting[] {
  const other = setting.path.length === 1 ? otherLength[setting.path[0]!] : undefined;
  return other && setting.value !== null ? [{ path: [other], value: null }, setting] : [setting];
}

/** Whether a setting chooses the kind of a section: another optimizer, another schedule. */
const choosesKind = ({ path }: Setting) => path.length === 2 && path[1] === 'name';

/**
 * A configuration with settings laid over it, in their order; sections are merged, lists replaced.
 *
 * Choosing another optimizer or schedule by its `name` starts that section afresh, for the keys of the former one
 * would be unknown to it; such settings go first, wherever they stand. Of `epochs` and `steps` the one set last holds.
 */
export function merge(base: object, settings: readonly Setting[]): unknown {
  const others = settings.filter((setting) => !choosesKind(setting)).flatMap(withoutOtherLength);
  const ordered = [...settings.filter(choosesKind), ...others];
  return ordered.reduce<unknown>((config, setting) => {
    const section = (config as Plain)[setting.path[0]!];
    const switches = choosesKind(setting) && isPlain(section) && section.name !== setting.value;
    return switches
      ? lay(config, setting.path.slice(0, 1), { name: setting.value })
      : lay(config, setting.path, setting.value);
  }, base);
}

/** What an object states, key by key. */
export function settingsOf(object: object, path: readonly string[] = []): Setting[] {
  return Object.entries(object).flatMap(([key, value]) =>
    isPlain(value) && Object.keys(value).length > 0
      ? settingsOf(value, [...path, key])
      : [{ path: [...path, key], value }],
  );
}
