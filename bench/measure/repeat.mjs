/**
 * Milliseconds of single calls of `run`, for at least `seconds` and `least` calls, after `warmUps` that do not count.
 */
export function repeat(run, { seconds, least, warmUps }) {
  for (let i = 0; i < warmUps; i++) run();
  const samples = [];
  const until = performance.now() + 1000 * seconds;
  while (samples.length < least || performance.now() < until) {
    const start = performance.now();
    run();
    samples.push(performance.now() - start);
  }
  return samples;
}
