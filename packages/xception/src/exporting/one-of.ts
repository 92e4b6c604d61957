/** Throws unless an option has one of its values. */
export function oneOf(exporter: string, name: string, value: string, allowed: readonly string[]): void {
  if (allowed.includes(value)) return;
  const choices = allowed.map((choice) => `'${choice}'`).join(' or ');
  throw new Error(`${exporter}: \`${name}\` must be ${choices}, received ${JSON.stringify(value)}`);
}
