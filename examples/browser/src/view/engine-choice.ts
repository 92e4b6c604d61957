import type { EngineChoice } from '../engine';
import { element } from './element';

const select = () => element<HTMLSelectElement>('engine-choice');

/** The engine that the address names, `?engine=webgpu`; `auto` where it names none of them. */
export function chosenEngine(): EngineChoice {
  const named = new URLSearchParams(location.search).get('engine') ?? 'auto';
  const known = [...select().options].some(({ value }) => value === named);
  select().value = known ? named : 'auto';
  return select().value as EngineChoice;
}

/** Has another choice load the page again, for the weights lie in the memory of the engine; the run is kept. */
export function onEngineChosen(): void {
  select().addEventListener('change', () => {
    location.search = new URLSearchParams({ engine: select().value }).toString();
  });
}
