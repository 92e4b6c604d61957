import type * as tfl from '@tensorflow/tfjs-layers';
import {
  evaluate,
  exclusively,
  loadWeights,
  resume,
  type TrainOptions,
  type TrainResult,
  train,
} from '@xcp/trainer';
import { indexedDbStore } from '@xcp/trainer/browser';
import { type RgbImage, whitenStem } from '@xcp/xception';
import { loadCifar10 } from '../data/cifar10';
import type { DataSet } from '../data/data-set';
import { textures } from '../data/textures';
import type { FromWorker, Run } from '../messages';
import type { Settings } from '../settings';
import { classify } from './classify';
import { keptRun } from './kept-run';
import { buildNetwork } from './network';
import { type PageState, pageCallback } from './page-callback';
import { recipe, sources } from './recipe';
import { shippedNetwork } from './shipped-network';

const store = indexedDbStore('xcp-example-2');

/** The one run of this browser: begun, paused, gone on with and finished; and what its network says of pictures. */
export class RunControl {
  private settings: Settings | undefined;
  private model: tfl.LayersModel | undefined;
  private shipped: Promise<tfl.LayersModel> | undefined;
  private set: { kind: Settings['data']; data: DataSet } | undefined;
  private pausing = new AbortController();
  private finishing = false;
  private busy = false;
  private step = 0;

  constructor(private readonly tell: (message: FromWorker) => void) {}

  /** The run of an earlier visit, if there is one, and its network with it. */
  async kept(): Promise<Run | null> {
    const { found } = await store.latest();
    if (!found) return null;
    const run = keptRun(found.checkpoint);
    this.adopt(run.settings);
    loadWeights(this.model!, found.checkpoint.weights);
    this.step = run.step;
    return run;
  }

  start(settings: Settings, files: readonly File[]): Promise<void> {
    return this.alone(async () => {
      const batches = sources(await this.load(settings, files), settings);
      const config = recipe(settings, batches);
      // Another tab may be writing to the run that is to be thrown away.
      await exclusively(store, async (unlocked) => {
        await store.clear();
        this.adopt(settings);
        for (const { images, shape } of batches.sample.batches(0, 0)) {
          whitenStem(this.model!, { data: images, shape });
        }
        const page = { settings, points: [] };
        await this.run(page, batches, (options) => train({ ...options, config, store: unlocked }));
      });
    });
  }

  goOn(files: readonly File[]): Promise<void> {
    return this.alone(async () => {
      const run = await this.kept();
      if (!run) throw new Error('There is no run to go on with: it was thrown away');
      const { settings, points } = run;
      const batches = sources(await this.load(settings, files), settings);
      await this.run({ settings, points }, batches, (options) => resume({ ...options, store }));
    });
  }

  /** Ends the session after the step under way; the run can be gone on with. */
  pause(): void {
    this.pausing.abort();
  }

  /** Ends the run after the step under way: validated and tested. */
  finish(): void {
    this.finishing = true;
  }

  /** Throws the run away. */
  discard(): Promise<void> {
    return this.alone(async () => {
      await exclusively(store, () => store.clear());
      this.model?.dispose();
      this.model = undefined;
      this.tell({ kind: 'phase', phase: 'empty', note: '' });
    });
  }

  /** Looks at a picture with the weights of the run as they are, between two steps; without a run, with those that ship. */
  async classify(picture: RgbImage): Promise<void> {
    const { model, settings, step } = this;
    if (model && settings) {
      this.tell({ kind: 'classified', ...(await classify(model, settings.data, picture)), step });
      return;
    }
    this.shipped ??= shippedNetwork();
    this.shipped.catch(() => {
      this.shipped = undefined;
    });
    this.tell({
      kind: 'classified',
      ...(await classify(await this.shipped, 'cifar10', picture)),
      step: null,
    });
  }

  private async alone(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.pausing = new AbortController();
    this.finishing = false;
    try {
      await work();
    } finally {
      this.busy = false;
    }
  }

  private async load({ data: kind }: Settings, files: readonly File[]): Promise<DataSet> {
    const tell = (note: string) => this.tell({ kind: 'phase', phase: 'loading', note });
    tell(kind === 'cifar10' ? 'CIFAR-10 is read' : 'textures are made');
    if (this.set?.kind !== kind) {
      this.set = { kind, data: kind === 'cifar10' ? await loadCifar10(files, tell) : textures() };
    }
    return this.set.data;
  }

  private adopt(settings: Settings): void {
    this.model?.dispose();
    this.model = buildNetwork(settings);
    this.settings = settings;
    this.step = 0;
  }

  private async run(
    page: PageState,
    { train: trainData, validation: validationData, test }: ReturnType<typeof sources>,
    session: (options: TrainOptions) => Promise<TrainResult>,
  ): Promise<void> {
    const model = this.model!;
    const tell = (message: FromWorker) => {
      if (message.kind === 'progress') this.step = message.step;
      this.tell(message);
    };
    const callbacks = [pageCallback(page, tell, () => this.finishing)];
    this.tell({ kind: 'phase', phase: 'training', note: '' });
    const { signal } = this.pausing;
    const { stopped, step } = await session({ model, trainData, validationData, callbacks, signal });
    this.step = step;
    if (stopped === 'aborted') {
      this.tell({ kind: 'phase', phase: 'paused', note: `The run is kept at step ${step}` });
      return;
    }
    this.tell({ kind: 'phase', phase: 'testing', note: `${test.size} images` });
    const { accuracy, count } = await evaluate({ model, data: test });
    this.tell({
      kind: 'phase',
      phase: 'finished',
      note: `${(100 * accuracy).toFixed(1)} % of ${count} test images are right`,
    });
  }
}
