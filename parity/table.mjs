import { fixture } from './cases.mjs';

const columns = {
  logits: 'logits',
  loss: 'loss',
  gradients: 'gradients',
  statistics: 'moving statistics',
  logitsAfter: 'logits after the step',
};

const oracle = {
  keras: ({ keras }) => `Keras ${keras}`,
  torch: ({ torch }) => `PyTorch ${torch}`,
  reference: ({ torch }) => `PyTorch ${torch}, shared middle flow`,
};

const number = (error) => error.toExponential(1);

/** A line for each case: our largest relative errors, and in parentheses the oracle's own in float32. */
export function table(rows) {
  return [
    `| against | pixels | ${Object.values(columns).join(' | ')} |`,
    `|---|---|${'---|'.repeat(Object.keys(columns).length)}`,
    ...rows.map(({ case_, errors }) => {
      const { versions, float32 } = fixture(case_.name);
      const width = case_.config.width === 1 ? '' : `, width 1/${1 / case_.config.width}`;
      const cells = Object.keys(columns).map((quantity) =>
        quantity in errors ? `${number(errors[quantity])} (${number(float32[quantity])})` : '',
      );
      return `| ${[oracle[case_.oracle](versions), `${case_.size}${width}`, ...cells].join(' | ')} |`;
    }),
  ].join('\n');
}
