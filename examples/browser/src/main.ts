import type { RgbImage } from '@xcp/xception';
import type { Cifar10Place, FromWorker, Phase, Run, ToWorker } from './messages';
import { readSettings, showFiles, showPhase, showSettings } from './view/controls';
import { decodePicture } from './view/decode-picture';
import { isData, onFiles } from './view/dropped-files';
import { element, say } from './view/element';
import { chosenEngine, onEngineChosen } from './view/engine-choice';
import { showClassified, showPicture } from './view/picture-view';
import { RunView, sayEpoch } from './view/run-view';

/** Milliseconds between two looks at the same picture while the network learns. */
const LOOK_EVERY = 2000;

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
const view = new RunView();
let ready = false;
let phase: Phase = 'loading';
let run: Run | null = null;
let place: Cifar10Place = null;
let files: File[] = [];
let picture: RgbImage | undefined;
let looked = 0;

const ask = (message: ToWorker) => worker.postMessage(message);

function refresh(): void {
  showPhase(phase, run);
  showFiles(phase, place, files);
}

function enter(next: Phase, note: string): void {
  phase = next;
  if (next === 'empty') show(null);
  if (next === 'training' && files.length > 0) {
    files = [];
    place = 'browser';
  }
  const words: Record<Phase, string> = {
    empty: 'Ready',
    loading: 'Loading',
    training: 'Training',
    testing: 'Testing',
    paused: 'Paused',
    finished: 'Finished',
  };
  say('status', note ? `${words[next]}: ${note}` : words[next]);
  refresh();
}

function show(next: Run | null): void {
  run = next;
  if (next) showSettings(next.settings);
  view.show(next);
}

function look(): void {
  if (!picture || !ready) return;
  looked = performance.now();
  ask({ kind: 'classify', picture });
}

type Hearing = { [Kind in FromWorker['kind']]: (message: Extract<FromWorker, { kind: Kind }>) => void };

const hearing: Hearing = {
  ready({ engine, cifar10, run: kept }) {
    element('engine').textContent = engine.name;
    element('threads').textContent = String(engine.threads ?? '–');
    say('engine-note', engine.note);
    place = cifar10;
    ready = true;
    look();
    if (!kept) return enter('empty', '');
    show(kept);
    view.saved(kept.step);
    enter(kept.step < kept.totalSteps ? 'paused' : 'finished', 'this browser has kept a run');
  },
  phase({ phase, note }) {
    enter(phase, note);
    look();
  },
  run: ({ run }) => show(run),
  progress(message) {
    view.progress(message);
    if (performance.now() - looked > LOOK_EVERY) look();
  },
  ended: ({ step }) => view.showStep(step),
  point: ({ point }) => view.point(point),
  epoch(message) {
    view.epoch(message.record);
    sayEpoch(message);
  },
  saved: ({ step }) => view.saved(step),
  classified(message) {
    say('picture-error', '');
    showClassified(message);
  },
  failed({ what, message }) {
    if (what === 'picture') return say('picture-error', message);
    say('error', message);
    if (what === 'engine') return say('status', 'There is no engine');
    enter(run ? 'paused' : 'empty', '');
  },
};

const hear = (message: FromWorker) => (hearing[message.kind] as (message: FromWorker) => void)(message);

async function takePicture(file: File): Promise<void> {
  try {
    const { pixels, canvas } = await decodePicture(file);
    picture = pixels;
    say('picture-error', '');
    showPicture(canvas);
    look();
  } catch (error) {
    picture = undefined;
    say('picture-error', (error as Error).message);
  }
}

worker.onmessage = ({ data }: MessageEvent<FromWorker>) => hear(data);
worker.onerror = ({ message }) => hear({ kind: 'failed', what: 'engine', message });

onFiles((given) => {
  const data = given.filter(isData);
  const other = given.find((file) => !isData(file));
  if (data.length > 0) {
    files = data;
    say('error', '');
    refresh();
  }
  if (other) void takePicture(other);
});

element('settings').addEventListener('submit', (event) => {
  event.preventDefault();
  say('error', '');
  ask({ kind: 'start', settings: readSettings(), files });
});
element('go-on').addEventListener('click', () => {
  say('error', '');
  ask({ kind: 'goOn', files });
});
element('pause').addEventListener('click', () => ask({ kind: 'pause' }));
element('finish').addEventListener('click', () => ask({ kind: 'finish' }));
element('discard').addEventListener('click', () => {
  if (confirm('Throw this run and its weights away?')) ask({ kind: 'discard' });
});
element('data').addEventListener('change', refresh);
onEngineChosen();
ask({ kind: 'begin', engine: chosenEngine() });
