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

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
