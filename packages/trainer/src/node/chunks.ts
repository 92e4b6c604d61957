/**
 * The bytes of many pieces in chunks of one size, but for the last: large pieces are cut, small ones gathered. All
 * chunks share one memory, so each holds only until the next is pulled.
 */
export function* chunks(pieces: readonly Uint8Array[], size: number): Generator<Uint8Array> {
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const buffer = new Uint8Array(Math.min(size, total));
  let filled = 0;
  for (const piece of pieces) {
    for (let taken = 0; taken < piece.length; ) {
      const part = piece.subarray(taken, taken + buffer.length - filled);
      buffer.set(part, filled);
      taken += part.length;
      filled += part.length;
      if (filled < buffer.length) continue;
      yield buffer;
      filled = 0;
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}
