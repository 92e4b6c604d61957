/** The arguments that every TensorFlow.js layer takes. */
export const layerKeys = [
  'name',
  'trainable',
  'inputShape',
  'batchInputShape',
  'batchSize',
  'dtype',
  'inputDType',
  'weights',
];

/** `kernelInitializer`, `kernelRegularizer` and `kernelConstraint`, for each of the weights. */
export function weightKeys(...weights: string[]): string[] {
  return weights.flatMap((weight) =>
    ['Initializer', 'Regularizer', 'Constraint'].map((part) => `${weight}${part}`),
  );
}

/** Throws if `args` has a key that is not known, naming the known one that is nearest to it. */
export function rejectUnknownKeys(subject: string, args: object, known: readonly string[]): void {
  for (const key of Object.keys(args)) {
    if (known.includes(key)) continue;
    const [nearest] = known.toSorted((a, b) => distance(key, a) - distance(key, b));
    throw new Error(`${subject}: unknown argument \`${key}\`; did you mean \`${nearest}\`?`);
  }
}

/** How many characters must be inserted, deleted or replaced to turn a into b, whatever their case. */
function distance(a: string, b: string): number {
  const [from, to] = [a.toLowerCase(), b.toLowerCase()];
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const replaced = row[j]! + (from[i] === to[j] ? 0 : 1);
      next.push(Math.min(replaced, row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
