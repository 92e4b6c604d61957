import { type Application, cannotExport } from './application';

/** What an op of either format has: inputs, and one output by whose name other ops read it. */
interface Node {
  op: string;
  inputs: string[];
  output: string;
}

/**
 * `nodes`, and behind the last of them an activation; the activation then has its output.
 *
 * @param ops what the format has for each activation
 */
export function activated<N extends Node>(
  application: Application,
  name: unknown,
  nodes: N[],
  ops: Readonly<Record<string, Omit<N, 'inputs' | 'output'>>>,
): N[] {
  if (name === undefined || name === null || name === 'linear') return nodes;
  const op = ops[String(name)];
  if (!op) {
    throw cannotExport(
      application,
      `has the activation \`${name}\`; those that can be exported are linear, ${Object.keys(ops).join(', ')}`,
    );
  }
  const last = nodes.at(-1)!;
  const before = `${last.output}/linear`;
  const activation = { ...op, inputs: [before], output: last.output } as unknown as N;
  return [...nodes.slice(0, -1), { ...last, output: before }, activation];
}
