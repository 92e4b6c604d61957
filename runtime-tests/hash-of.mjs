/** What tells the weights of two runs apart: 16 hexadecimal digits. Knows no runtime. */
export async function hashOf(arrays) {
  const parts = Object.keys(arrays)
    .sort()
    .flatMap((name) => {
      const { data } = arrays[name];
      return [new TextEncoder().encode(name), new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
    });
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
  return Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
