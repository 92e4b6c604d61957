/** How this program was called, without the files that it writes: they are the caller's own. */
export function commandLine(args = process.argv.slice(2)) {
  const isFile = (i) => ['--out', '--write', '--figure', '--from'].includes(args[i]);
  return ['pnpm bench', ...args.filter((_, i) => !isFile(i) && !isFile(i - 1))].join(' ');
}
