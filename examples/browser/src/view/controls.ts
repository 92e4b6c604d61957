import type { DataKind } from '../data/data-set';
import type { Cifar10Place, Phase, Run } from '../messages';
import type { Settings } from '../settings';
import type { NetworkName } from '../training/network';
import { element, say } from './element';

const WHERE: Record<NonNullable<Cifar10Place>, string> = {
  browser: 'This browser has kept CIFAR-10: nothing is to be chosen.',
  server: 'The server has CIFAR-10 in the cache of xcp: nothing is to be chosen.',
};
const CHOOSE =
  'Choose or drop cifar-10-binary.tar.gz, or its six .bin files. They are proved by their SHA-256 and kept in this browser.';

const data = () => element<HTMLSelectElement>('data');
const network = () => element<HTMLSelectElement>('network');
const epochs = () => element<HTMLInputElement>('epochs');

/** What the form says. */
export function readSettings(): Settings {
  return {
    data: data().value as DataKind,
    network: network().value as NetworkName,
    epochs: epochs().valueAsNumber,
  };
}

/** Has the form say what a run was begun with. */
export function showSettings(settings: Settings): void {
  data().value = settings.data;
  network().value = settings.network;
  epochs().value = String(settings.epochs);
}

/** Which buttons there are in a phase, and whether the form can be changed. */
export function showPhase(phase: Phase, run: Run | null): void {
  const shown: Record<string, boolean> = {
    start: phase === 'empty',
    'go-on': (phase === 'paused' || phase === 'finished') && run !== null && run.step < run.totalSteps,
    pause: phase === 'training',
    finish: phase === 'training',
    discard: phase === 'paused' || phase === 'finished',
  };
  const focused = document.activeElement;
  for (const [id, isShown] of Object.entries(shown)) element(id).hidden = !isShown;
  element<HTMLFieldSetElement>('choices').disabled = phase !== 'empty';
  element<HTMLSelectElement>('engine-choice').disabled = !['empty', 'paused', 'finished'].includes(phase);
  // Whoever pressed a button that is gone goes on with the one in its place.
  if (!(focused instanceof HTMLButtonElement) || !focused.hidden) return;
  document.querySelector<HTMLButtonElement>('.buttons button:not([hidden])')?.focus();
}

/** Whether files are to be chosen, and which were. */
export function showFiles(phase: Phase, place: Cifar10Place, files: readonly File[]): void {
  const asks = data().value === 'cifar10' && (phase === 'empty' || phase === 'paused');
  element('files-row').hidden = !asks;
  const names = files.map(({ name }) => name).join(', ');
  say('files-note', files.length > 0 ? `Chosen: ${names}` : place ? WHERE[place] : CHOOSE);
}
