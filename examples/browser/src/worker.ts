// Trains beside the page, so that the page can be used meanwhile.
import { findCifar10 } from './data/cifar10';
import { activateEngine, type EngineChoice } from './engine';
import type { FromWorker, ToWorker } from './messages';
import { RunControl } from './training/run-control';

/** What of a worker's globals we use; the types of this folder are those of a page. */
const scope = globalThis as unknown as {
  postMessage(message: FromWorker): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
};
const tell = (message: FromWorker) => scope.postMessage(message);
const control = new RunControl(tell);

function obey(message: ToWorker): Promise<void> | void {
  switch (message.kind) {
    case 'begin':
      return begin(message.engine);
    case 'start':
      return control.start(message.settings, message.files);
    case 'goOn':
      return control.goOn(message.files);
    case 'pause':
      return control.pause();
    case 'finish':
      return control.finish();
    case 'discard':
      return control.discard();
    case 'classify':
      return control.classify(message.picture);
  }
}

const FAILS = { begin: 'engine', classify: 'picture' } as const;

/** The first message says on what engine; no tensor changes it later. */
async function begin(choice: EngineChoice): Promise<void> {
  const engine = await activateEngine(choice);
  const [cifar10, run] = [await findCifar10(), await control.kept()];
  tell({ kind: 'ready', engine, cifar10, run });
}

scope.onmessage = async ({ data: message }) => {
  try {
    await obey(message);
  } catch (error) {
    const what = message.kind === 'begin' || message.kind === 'classify' ? FAILS[message.kind] : 'run';
    tell({ kind: 'failed', what, message: error instanceof Error ? error.message : String(error) });
  }
};
