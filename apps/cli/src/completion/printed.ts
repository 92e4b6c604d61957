/** The lines that a function prints by `console.log`, in place of printing them. */
export function printed(speak: () => void): string[] {
  const lines: string[] = [];
  const { log } = console;
  console.log = (text: unknown) => void lines.push(String(text));
  try {
    speak();
  } finally {
    console.log = log;
  }
  return lines;
}
