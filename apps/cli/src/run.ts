import { Command, CommanderError } from '@commander-js/extra-typings';
import { benchCommand } from './commands/bench';
import { compareCommand } from './commands/compare';
import { completeCommand, completionCommand } from './commands/completion';
import { configCommand } from './commands/config';
import { dataCommand } from './commands/data';
import { doctorCommand } from './commands/doctor';
import { evalCommand } from './commands/eval';
import { exportCommand } from './commands/export';
import { lrFindCommand } from './commands/lr-find';
import { planCommand } from './commands/plan';
import { predictCommand } from './commands/predict';
import { presetsCommand } from './commands/presets';
import { reportCommand } from './commands/report';
import { resumeCommand } from './commands/resume';
import { sweepCommand } from './commands/sweep';
import { trainCommand } from './commands/train';
import { watchCommand } from './commands/watch';
import type { Context } from './context';
import { SilentError, toldOf, UserError } from './errors';
import type { Io } from './io';
import { versions } from './run-folder/provenance';
import { defaultServices, type Services } from './services';
import { shellQuote } from './terminal/shell-quote';

/**
 * Runs `xcp` with the given arguments and gives its exit code: 0 when done, 128 + n after a signal (130: Ctrl-C), else 1.
 *
 * Never throws: an error is printed as its message, and with `--verbose` or XCP_DEBUG as its stack too.
 *
 * @example process.exitCode = await run(['presets', '--json'], processIo())
 */
export async function run(
  argv: readonly string[],
  io: Io,
  services: Services = defaultServices(io.cwd),
): Promise<number> {
  const context: Context = { io, services, command: ['xcp', ...argv].map(shellQuote).join(' '), exitCode: 0 };
  try {
    await createProgram(context).parseAsync(argv, { from: 'user' });
    return context.exitCode;
  } catch (error) {
    // Commander has printed its message (or the help that was asked for) by itself.
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0) emitError(argv, io, error.message.replace(/^error: /, ''));
      return error.exitCode;
    }
    if (error instanceof SilentError) return 1;
    emitError(argv, io, toldOf(error));
    const verbose = argv.includes('--verbose') || Boolean(io.env.XCP_DEBUG);
    const stack = error instanceof Error ? error.stack : undefined;
    io.stderr.write(`${(verbose && stack) || toldOf(error)}\n`);
    return error instanceof UserError ? error.exitCode : 1;
  }
}

function emitError(argv: readonly string[], { stdout }: Io, message: string): void {
  if (argv.includes('--json')) stdout.write(`${JSON.stringify({ event: 'error', message })}\n`);
}

function createProgram(context: Context) {
  const { stdout, stderr } = context.io;
  const program = new Command('xcp')
    .description('Train, resume and evaluate Xception on CIFAR-10.')
    .version(versions().xcp!, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help');
  const commands = [
    trainCommand,
    resumeCommand,
    evalCommand,
    predictCommand,
    exportCommand,
    lrFindCommand,
    planCommand,
    benchCommand,
    reportCommand,
    watchCommand,
    compareCommand,
    sweepCommand,
    presetsCommand,
    configCommand,
    completionCommand,
    dataCommand,
    doctorCommand,
  ].map((make) => make(context));
  for (const command of commands) program.addCommand(command);
  program.addCommand(completeCommand(context), { hidden: true });
  const subcommands = commands.flatMap((command) => command.commands);
  for (const command of [program, ...commands, ...subcommands]) {
    command
      .exitOverride()
      .showHelpAfterError('(add --help for the options and an example)')
      .configureOutput({
        writeOut: (text) => void stdout.write(text),
        writeErr: (text) => void stderr.write(text),
        getOutHelpWidth: () => stdout.columns ?? 80,
        getErrHelpWidth: () => stderr.columns ?? 80,
      });
  }
  return program;
}
