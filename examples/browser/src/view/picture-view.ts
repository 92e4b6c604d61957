import type { FromWorker } from '../messages';
import { element, say } from './element';
import { percent } from './format';

type Classified = Extract<FromWorker, { kind: 'classified' }>;

const WARM = [255, 60, 0] as const;

/** Shows the square of a picture that the network is given. */
export function showPicture(picture: HTMLCanvasElement): void {
  const { width, height } = picture;
  const side = Math.min(width, height);
  const [left, top] = [(width - side) / 2, (height - side) / 2];
  const canvas = element<HTMLCanvasElement>('shown');
  const context = canvas.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, left, top, side, side, 0, 0, canvas.width, canvas.height);
}

/** Shows what the network takes it for, and where it sees that. */
export function showClassified({ predictions, heat, size, step }: Classified): void {
  const best = predictions[0]!;
  const rows = predictions.map(({ name, score }) => {
    const row = document.createElement('li');
    const bar = document.createElement('i');
    bar.style.setProperty('--share', `${100 * score}%`);
    row.append(text(name), text(percent(score)), bar);
    return row;
  });
  element('predictions').replaceChildren(...rows);
  element('result').hidden = false;
  paintHeat(heat, size);
  const caption = `Grad-CAM: what speaks for ${best.name}`;
  say('heat-caption', caption);
  element('heat').setAttribute('aria-label', caption);
  element('shown').setAttribute('aria-label', `The picture, taken for ${best.name}`);
  const weights =
    step === null
      ? 'With weights that come with this page, trained on CIFAR-10'
      : `With the weights of step ${step}`;
  say('result-note', `${weights}. Probabilities are of the classes that it learns, and of no others.`);
}

/** The picture darkened, with the heat glowing over it, as `xcp predict --grad-cam` paints it. */
function paintHeat(heat: Float32Array, size: number): void {
  const canvas = element<HTMLCanvasElement>('heat');
  const layer = document.createElement('canvas');
  layer.width = layer.height = size;
  const pixels = new ImageData(size, size);
  heat.forEach((share, i) => {
    const alpha = 0.5 + 0.15 * share;
    pixels.data.set([...WARM.map((value) => (0.65 * share * value) / alpha), 255 * alpha], 4 * i);
  });
  layer.getContext('2d')!.putImageData(pixels, 0, 0);
  const context = canvas.getContext('2d')!;
  context.drawImage(element<HTMLCanvasElement>('shown'), 0, 0);
  context.imageSmoothingQuality = 'high';
  context.drawImage(layer, 0, 0, canvas.width, canvas.height);
}

function text(content: string): HTMLElement {
  const span = document.createElement('span');
  span.textContent = content;
  return span;
}
