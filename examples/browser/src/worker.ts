// Trains beside the page, so that the page can be used meanwhile.
import { findCifar10 } from './data/cifar10';
import { activateEngine } from './engine';
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

const fails = (what: 'run' | 'picture' | 'engine') => (error: unknown) =>
  tell({ kind: 'failed', what, message: error instanceof Error ? error.message : String(error) });

async function begin(): Promise<void> {
  const engine = await activateEngine();
  const [cifar10, run] = [await findCifar10(), await control.kept()];
  scope.onmessage = ({ data: message }) => {
    Promise.resolve(obey(message)).catch(fails(message.kind === 'classify' ? 'picture' : 'run'));
  };
  tell({ kind: 'ready', engine, cifar10, run });
}

begin().catch(fails('engine'));
