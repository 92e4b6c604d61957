import { readFileSync } from 'node:fs';
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { messageOf, UserError } from '../errors';

/**
 * Reads a JSON file in which comments and trailing commas are allowed.
 *
 * @param subject what it is, at the beginning of an error
 * @param shown the path as the user gave it
 * @throws UserError where the file cannot be read, or is no JSON: then with the place.
 */
export function readJsonc(subject: string, path: string, shown: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`${subject}: must be a file, received "${shown}" (${messageOf(error)})`);
  }
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  if (!errors[0]) return value;
  throw new UserError(`${subject}: must be JSON, received "${shown}" (${place(text, errors[0])})`);
}

function place(text: string, { error, offset }: ParseError): string {
  const before = text.slice(0, offset).split('\n');
  return `${printParseErrorCode(error)} in line ${before.length}, column ${before.at(-1)!.length + 1}`;
}
