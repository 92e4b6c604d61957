import { Command, Option } from '@commander-js/extra-typings';
import { engineNames } from '@xcp/backend/engines';
import type { Context } from '../context';
import { doctor } from '../doctor/doctor';
import { checkEngine } from '../doctor/engine-facts';
import { outputFile, writeOutput } from '../run-folder/write-output';
import { createOutput } from '../terminal/output';
import { interruptible } from '../training/interrupt';
import { options } from './shared-options';

export function doctorCommand(context: Context) {
  return new Command('doctor')
    .summary('find out what this machine can train with')
    .description(
      'Tell what runtime, processor, memory and data there are, train for a few steps on every engine that can be ' +
        'had, compare them, and say what would help the others. Ends with 1 where nothing can train.',
    )
    .addOption(
      new Option(
        '--engine <name>',
        'try this one alone, in this process: tells the losses of a few steps of a narrow network and how long one takes',
      ).choices(engineNames),
    )
    .option('--out <file>', 'write the result there, as JSON')
    .option('--json', 'print one JSON document on stdout, and text for people on stderr')
    .addOption(options.verbose())
    .addHelpText('after', '\nExample:\n  $ xcp doctor --json > doctor.json')
    .action(async ({ engine, out, json = false }) => {
      const { io, services } = context;
      const output = createOutput(io, json);
      const file = outputFile('--out', out, io.cwd);
      const deliver = (result: object) => {
        if (file) writeOutput(file, `${JSON.stringify(result, null, 2)}\n`);
        output.emit(result);
      };
      if (engine) {
        const check = await checkEngine(engine, services.engines);
        const losses = check.losses.map((loss) => loss.toFixed(6)).join(' ');
        output.say(`${engine}: ${check.milliseconds.toPrecision(3)} ms a step, losses ${losses}`);
        deliver(check);
        return;
      }
      const report = await interruptible(
        io,
        output,
        () => 'Nothing was changed.',
        (signal) => doctor(context, output, signal),
      );
      deliver(report);
      if (report.auto === null) context.exitCode = 1;
    });
}
