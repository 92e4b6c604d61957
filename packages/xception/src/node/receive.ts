/** A file that a server has, known beforehand. */
export interface RemoteFile {
  url: string;
  name: string;
  /** In bytes. */
  size: number;
  /** In hexadecimal. */
  md5: string;
}

/** The server answered, and its answer is not the file: asking again would not help. */
export class AnswerError extends Error {}

/**
 * Asks for a file from byte `start` on, and gives what comes with the place of each piece; a server that cannot give
 * the rest alone gives the whole again, from 0.
 *
 * Throws an {@link AnswerError} if the answer is an error, a web page, or a file of another size.
 */
export async function* receive(
  { url, size }: RemoteFile,
  start: number,
  options: { fetch: typeof fetch; signal: AbortSignal },
): AsyncGenerator<{ position: number; bytes: Uint8Array }> {
  // Compressed on its way it would arrive in an unknown length.
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (start > 0) headers.range = `bytes=${start}-`;
  const response = await options.fetch(url, { headers, signal: options.signal });
  const rest = response.status === 206;
  const fault = faultOf(response, rest ? size - start : size);
  if (fault) {
    await response.body?.cancel();
    throw new AnswerError(`${url} ${fault}`);
  }
  let position = rest ? start : 0;
  for await (const bytes of response.body!) {
    yield { position, bytes };
    position += bytes.length;
  }
}

function faultOf({ ok, status, statusText, body, headers }: Response, size: number): string | null {
  if (!ok) return `answered ${status} ${statusText}`.trim();
  if (!body) return 'gave no content';
  const type = headers.get('content-type') ?? '';
  if (/html/i.test(type)) {
    return `gave a web page (${type}) in place of the file; a proxy or a sign-in page may stand between`;
  }
  const length = headers.get('content-length');
  if (length === null || headers.get('content-encoding') || Number(length) === size) return null;
  return `must give ${size} bytes, and announces ${length}`;
}
