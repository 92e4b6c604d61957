import fc from 'fast-check';

// Properties see the same cases every time, so that a change is never blamed for an old fault.
// `XCP_PROPERTY_SEED=random npx vitest run` looks for new ones.
const wanted = process.env.XCP_PROPERTY_SEED ?? '20260101';
if (wanted !== 'random') fc.configureGlobal({ seed: Number(wanted) });
