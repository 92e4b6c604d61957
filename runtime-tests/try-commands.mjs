import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands, fault, writeInputs } from './commands.mjs';
import { startXcp } from './start-xcp.mjs';

/** Runs every command of `xcp` in one runtime; gives a line for each that does not do what it must. */
export async function tryCommands(runtime) {
  const cwd = mkdtempSync(join(tmpdir(), 'xcp-commands-'));
  const faults = [];
  try {
    writeInputs(cwd);
    for (const command of commands) {
      const input = command.input && readFileSync(join(cwd, command.input));
      const wrong = fault(command, await startXcp(runtime, command.args, { cwd, input }), cwd);
      if (wrong) faults.push(`xcp ${command.args.join(' ')}: ${wrong}`);
    }
    return faults;
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
