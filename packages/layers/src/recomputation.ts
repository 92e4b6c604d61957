/** What a forward pass noted of its calls, so that its repetition draws the same. */
export type CallLog = number[];

const recording: CallLog[] = [];
const replaying: CallLog[] = [];

/**
 * The number of a call in its step: `next()`, or, where a forward pass is run again for its gradient, the number that
 * the same call had the first time.
 */
export function callNumber(next: () => number): number {
  const log = replaying.at(-1);
  const number = log ? log.shift()! : next();
  for (const list of recording) list.push(number);
  return number;
}

/** Whether a forward pass is run again for its gradient: what it changed the first time must not change twice. */
export function isRecomputing(): boolean {
  return replaying.length > 0;
}

/** Runs `f`, and notes the numbers of its calls in `log`. */
export function recordCalls<T>(log: CallLog, f: () => T): T {
  recording.push(log);
  try {
    return f();
  } finally {
    recording.pop();
  }
}

/** Runs `f` again with the numbers in `log`. */
export function replayCalls<T>(log: CallLog, f: () => T): T {
  replaying.push([...log]);
  try {
    return f();
  } finally {
    replaying.pop();
  }
}
