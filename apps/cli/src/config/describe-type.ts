import { branches, type JsonSchema } from './json-schema';

/** What a number must be, as an interval: '≥ 1', 'in [0, 1)'; nothing where any number will do. */
function interval({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: JsonSchema): string | undefined {
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  const least = minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum;
  const [low, high] = [least ?? exclusiveMinimum, most ?? exclusiveMaximum];
  if (low !== undefined && high !== undefined) {
    return `in ${least === undefined ? '(' : '['}${low}, ${high}${most === undefined ? ')' : ']'}`;
  }
  if (low !== undefined) return `${least === undefined ? '>' : '≥'} ${low}`;
  if (high !== undefined) return `${most === undefined ? '<' : '≤'} ${high}`;
  return undefined;
}

const listed = ({ items }: JsonSchema) => (Array.isArray(items) ? items[0] : items);

function typeName(schema: JsonSchema): string {
  if (schema.type !== 'array') return schema.type ?? typeof schema.const;
  const count = Array.isArray(schema.items) ? `${schema.items.length} ` : '';
  const item = listed(schema);
  return `list of ${count}${item ? typeText(item) : 'value'}s`;
}

const unique = <T>(values: readonly T[]) => [...new Set(values)];

/** The types that a value may have, such as 'integer or null'. */
export function typeText(schema: JsonSchema): string {
  return unique(branches(schema).map(typeName)).join(' or ');
}

/** The numbers that a value, or each value of a list, may be. */
export function rangeText(schema: JsonSchema): string | undefined {
  const ranges = branches(schema).flatMap((branch) => {
    const item = listed(branch);
    return (item && !item.properties ? rangeText(item) : interval(branch)) ?? [];
  });
  return unique(ranges).join(' or ') || undefined;
}

/** The values that are named one by one. */
export function choicesOf(schema: JsonSchema): unknown[] {
  return branches(schema).flatMap(
    (branch) => branch.enum ?? (branch.const === undefined ? [] : [branch.const]),
  );
}
