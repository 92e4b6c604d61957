import { RootCommand } from '@bomb.sh/tab';
import { Argument, Command } from '@commander-js/extra-typings';
import { printed } from '../completion/printed';
import { suggest } from '../completion/suggest';
import type { Context } from '../context';
import { options } from './shared-options';

const shells = ['bash', 'zsh', 'fish'] as const;

export function completionCommand({ io }: Context) {
  return new Command('completion')
    .summary('print what completes commands in a shell')
    .description(
      'Print the script by which a shell completes commands, options, presets, keys of the configuration and runs.',
    )
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .addOption(options.verbose())
    .addHelpText(
      'after',
      '\nExample:\n  $ xcp completion bash >> ~/.bashrc\n  $ xcp completion zsh > ~/.zfunc/_xcp\n' +
        '  $ xcp completion fish > ~/.config/fish/completions/xcp.fish',
    )
    .action((shell) => {
      const script = printed(() => new RootCommand().setup('xcp', io.program, shell));
      io.stdout.write(`${script.join('\n')}\n`);
    });
}

/** What the script of a shell asks: `xcp complete -- train --pre`. */
export function completeCommand({ io }: Context) {
  return new Command('complete')
    .description('Print what can stand for the last of the words.')
    .argument('[words...]', 'the command line after xcp')
    .action((words, _, command) => {
      io.stdout.write(suggest(command.parent!, words, io.cwd));
    });
}
