/** An error the user can act on: shown as its message alone, without a stack trace. */
export class UserError extends Error {
  override name = 'UserError';

  constructor(
    message: string,
    /** The exit code of the program. */
    readonly exitCode = 1,
  ) {
    super(message);
  }
}

/** The end of a process that has nothing to tell, since another one tells it. */
export class SilentError extends Error {
  override name = 'SilentError';
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The message for the user of what ended a command: what the system says of a file gets a subject. */
export function toldOf(error: unknown): string {
  const { syscall, path } = error as Partial<NodeJS.ErrnoException>;
  if (syscall === undefined) return messageOf(error);
  const subject = path === undefined ? 'a file' : `"${path}"`;
  return `file: ${subject} must be there and open to this user, received an error (${messageOf(error)})`;
}
