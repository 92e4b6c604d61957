import type { Part } from './part-file';

/** The server answered, and its answer is not the file: asking again would not help. */
export class AnswerError extends Error {}

/**
 * Asks for what is missing of a file, and brings `part` in line with the answer: a server that cannot give
 * the rest alone gives the whole again.
 */
export async function request(
  url: string,
  part: Part,
  options: { fetch: typeof fetch; size?: number; signal: AbortSignal },
): Promise<AsyncIterable<Uint8Array>> {
  // An archive that is compressed once more on its way would arrive unpacked and in an unknown length.
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (part.loaded > 0 && part.validator) {
    headers.range = `bytes=${part.loaded}-`;
    headers['if-range'] = part.validator;
  }
  const response = await options.fetch(url, { headers, signal: options.signal });
  if (response.status === 416 && headers.range) {
    // The file is shorter by now than what has arrived of it.
    await response.body?.cancel();
    Object.assign(part, { loaded: 0, validator: undefined });
    return request(url, part, options);
  }
  await refuse(faultOf(url, response), response);

  const isRest = response.status === 206;
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get('content-range') ?? '');
  const isAnother = isRest && (!headers.range || Number(range?.[1]) !== part.loaded);
  await refuse(isAnother && `${url} gave another part of the file than the one it was asked for`, response);
  part.start = isRest ? part.loaded : 0;
  part.loaded = part.start;
  part.total = isRest ? Number(range?.[2]) : lengthOf(response);
  if (!isRest) part.validator = validatorOf(response);
  const isWrongLength = options.size !== undefined && part.total !== undefined && part.total !== options.size;
  await refuse(
    isWrongLength && `${url} must give ${options.size} bytes, and announces ${part.total}`,
    response,
  );
  return response.body!;
}

function faultOf(url: string, response: Response): string | false {
  if (!response.ok) return `${url} answered ${response.status} ${response.statusText}`.trim();
  if (!response.body) return `${url} gave no content`;
  const type = response.headers.get('content-type') ?? '';
  if (!/html/i.test(type)) return false;
  return `${url} gave a web page (${type}) in place of the archive; a proxy or a sign-in page may stand between`;
}

/** Throws if there is a fault, and lets the connection go. */
async function refuse(fault: string | false, response: Response): Promise<void> {
  if (!fault) return;
  await response.body?.cancel();
  throw new AnswerError(fault);
}

/** A weak mark (W/…) does not vouch for every byte, so nothing can be appended by it. */
function validatorOf({ headers }: Response): string | undefined {
  const etag = headers.get('etag');
  return etag?.startsWith('"') ? etag : (headers.get('last-modified') ?? undefined);
}

function lengthOf({ headers }: Response): number | undefined {
  const length = headers.get('content-length');
  return length === null || headers.get('content-encoding') ? undefined : Number(length);
}
