import type { z } from 'zod';
import { nearestKey } from './known-keys';

type Issue = z.core.$ZodIssue;
type UnionIssue = Extract<Issue, { code: 'invalid_union' }>;

const show = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value));
const list = (values: readonly unknown[]) => values.map(show).join(', ');
const article = (noun: string) => (/^[aeio]/.test(noun) ? `an ${noun}` : `a ${noun}`);

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

/** The names a section's `name` may have, where that is what is wrong. */
const names = (issue: UnionIssue) => ('options' in issue ? issue.options : undefined);

function bound(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const [limit, strict, weak] =
    issue.code === 'too_small'
      ? [issue.minimum, 'greater than', 'at least']
      : [issue.maximum, 'less than', 'at most'];
  if (issue.origin === 'array') return `must hold ${weak} ${limit} values`;
  if (issue.origin === 'string') return `must have ${weak} ${limit} characters`;
  return `must be ${issue.inclusive ? weak : strict} ${limit}`;
}

function rule(issue: Issue): string {
  switch (issue.code) {
    case 'too_small':
    case 'too_big':
      return bound(issue);
    case 'invalid_type':
      return `must be ${article(issue.expected === 'int' ? 'integer' : issue.expected)}`;
    case 'invalid_value':
      return `must be one of ${list(issue.values)}`;
    case 'invalid_union':
      if (names(issue)) return `must be one of ${list(names(issue)!)}`;
      return issue.errors.map((branch) => (branch[0] ? rule(branch[0]) : '')).join(' or ');
    default:
      return issue.message;
  }
}

/**
 * What is wrong with a configuration: subject, rule, value received, and for an unknown key the nearest known one.
 *
 * @example explainIssue({ code: 'too_small', minimum: 1, … , path: ['batchSize'] }, { batchSize: 0 })
 * // '`batchSize` must be at least 1, received 0'
 */
export function explainIssue(issue: Issue, config: unknown, whole = 'the configuration'): string {
  if (issue.code === 'unrecognized_keys') {
    const key = [...issue.path, issue.keys[0]].join('.');
    const known = nearestKey(key);
    if (known === key) {
      const kind = [...issue.path, 'name'];
      return `\`${key}\` does not go with \`${kind.join('.')}\` ${show(valueAt(config, kind))}`;
    }
    return `\`${key}\` is not a known key${known ? `; did you mean \`${known}\`?` : ''}`;
  }
  if (issue.code === 'invalid_union' && !names(issue)) {
    // A branch that fails deeper inside is the one that was meant.
    const meant = issue.errors.find((branch) => (branch[0]?.path.length ?? 0) > 0)?.[0];
    if (meant) return explainIssue({ ...meant, path: [...issue.path, ...meant.path] }, config);
  }
  const subject = issue.path.length > 0 ? `\`${issue.path.join('.')}\`` : whole;
  return `${subject} ${rule(issue)}, received ${show(valueAt(config, issue.path))}`;
}
