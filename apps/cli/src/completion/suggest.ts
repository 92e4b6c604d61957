import { type Complete, RootCommand, ShellCompDirective, type Command as Suggested } from '@bomb.sh/tab';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { printed } from './printed';
import { argumentValues, optionValues, type Values } from './values';

/** Where a command line is completed: what is typed of its last word, and in which folder. */
interface Place {
  word: string;
  cwd: string;
}

const offer =
  (values: Values, { word, cwd }: Place) =>
  (complete: Complete) => {
    for (const { value, meaning } of values(word, cwd)) {
      if (value.startsWith(word)) complete(value, meaning ?? '');
    }
  };

function describe(command: CommandUnknownOpts, suggested: Suggested, place: Place): void {
  for (const option of command.createHelp().visibleOptions(command)) {
    const name = option.long?.slice(2);
    if (name === undefined) continue;
    const short = option.short?.slice(1);
    const values = optionValues(option);
    if (values) suggested.option(name, option.description, offer(values, place), short);
    else suggested.option(name, option.description, short);
  }
  for (const argument of command.registeredArguments) {
    suggested.argument(argument.name(), offer(argumentValues(argument), place), argument.variadic);
  }
}

function describeCommands(root: RootCommand, parent: CommandUnknownOpts, path: string, place: Place): void {
  for (const command of parent.createHelp().visibleCommands(parent)) {
    const name = path + command.name();
    describe(command, root.command(name, command.summary() || command.description()), place);
    describeCommands(root, command, `${name} `, place);
  }
}

/** What more of the word is to come after: the shell must not put a space there. */
const goesOn = (line: string) => /[/=]$/.test(line.slice(0, line.indexOf('\t')));

/**
 * What can stand for the last of the words: a line each of the word, a tab and its meaning; the last line tells the
 * shell how to take them.
 *
 * @example suggest(program, ['train', '--preset', 'q'], '/home') // 'quickstart\tA slim Xception …\n:4\n'
 */
export function suggest(program: CommandUnknownOpts, words: readonly string[], cwd: string): string {
  const last = words.at(-1) ?? '';
  const word = last.startsWith('-') ? last.slice(last.indexOf('=') + 1) : last;
  const place = { word, cwd };
  const root = new RootCommand();
  describe(program, root, place);
  describeCommands(root, program, '', place);
  // A value with a `=` of its own, as `--set` has it, would be taken for an option; what goes with it is chosen above.
  const asked = !last.startsWith('-') && last.includes('=') ? [...words.slice(0, -1), ''] : [...words];
  const lines = printed(() => root.parse(asked)).slice(0, -1);
  const { ShellCompDirectiveNoFileComp: noFiles, ShellCompDirectiveNoSpace: noSpace } = ShellCompDirective;
  const directive = lines.length > 0 && lines.every(goesOn) ? noFiles | noSpace : noFiles;
  return `${[...lines, `:${directive}`].join('\n')}\n`;
}
