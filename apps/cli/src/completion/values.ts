import type { Argument, Option } from '@commander-js/extra-typings';
import { configKeys } from '../config/describe-keys';
import { knownKeys } from '../config/known-keys';
import { presets } from '../presets';
import { pathsLike, runsLike } from './paths';

/** What can stand for an option's value or an argument, given what is typed of it so far. */
export type Values = (word: string, cwd: string) => { value: string; meaning?: string }[];

const plain = (values: readonly string[]) => values.map((value) => ({ value }));

const presetNames: Values = () =>
  presets.map(({ name, description }) => ({ value: name, meaning: description }));
const paths: Values = (word, cwd) => plain(pathsLike(word, cwd));
const runs: Values = (word, cwd) => plain(runsLike(word, cwd));

/** Runs, and beside them the files of weights that a run can begin with. */
const runsAndFiles: Values = (word, cwd) => [
  ...runs(word, cwd),
  ...plain(pathsLike(word, cwd).filter((path) => /\.(safetensors|h5|keras)$/.test(path))),
];

/** `key=value` for every value that the configuration names for the key, and for its default. */
function settings(word: string): ReturnType<Values> {
  const name = word.slice(0, word.indexOf('='));
  const found = configKeys().filter(({ key }) => key === name);
  const choices = found.flatMap(({ type, choices, default: standard }) => [
    ...choices.map(({ value, description }) => ({ value, meaning: description })),
    ...(type.includes('boolean') ? [{ value: true }, { value: false }] : []),
    ...(type.includes('null') ? [{ value: null }] : []),
    ...(standard === undefined ? [] : [{ value: standard, meaning: 'the default' }]),
  ]);
  const texts = new Map<string, string | undefined>();
  for (const { value, meaning } of choices as { value: unknown; meaning?: string }[]) {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    texts.set(text, texts.get(text) ?? meaning);
  }
  return [...texts].map(([text, meaning]) => ({ value: `${name}=${text}`, ...(meaning && { meaning }) }));
}

const byOption: Record<string, Values> = {
  '--preset': presetNames,
  '--set': (word) => (word.includes('=') ? settings(word) : plain(knownKeys().map((key) => `${key}=`))),
  '--init': runsAndFiles,
};

const byPlaceholder: Record<string, Values> = {
  file: paths,
  folder: paths,
  path: paths,
  source: paths,
  images: paths,
  run: runs,
  runs,
  model: runs,
  key: () => plain(knownKeys()),
  name: presetNames,
};

const chosen = (choices: readonly string[] | undefined): Values | undefined =>
  choices && (() => plain(choices));

/** The values of an option, none where they cannot be listed; `undefined` for a switch. */
export function optionValues(option: Option): Values | undefined {
  if (!option.required && !option.optional) return undefined;
  const placeholder = /[<[](.+?)(?:\.\.\.)?[>\]]/.exec(option.flags)?.[1] ?? '';
  const named = placeholder === 'name' ? undefined : byPlaceholder[placeholder];
  return byOption[option.long ?? ''] ?? chosen(option.argChoices) ?? named ?? (() => []);
}

/** The values of an argument, none where they cannot be listed. */
export const argumentValues = (argument: Argument): Values =>
  chosen(argument.argChoices) ?? byPlaceholder[argument.name()] ?? (() => []);
