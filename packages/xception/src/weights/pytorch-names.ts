import { blockOf, HEAD, layersOf, type Slot } from './slots';

/** The names of batch normalization's weights. */
const bnKinds: Record<string, string> = {
  gamma: 'weight',
  beta: 'bias',
  moving_mean: 'running_mean',
  moving_variance: 'running_var',
};

/**
 * The names of a model's weights in the layout of timm's `legacy_xception`, which is that of Cadene's
 * `pretrainedmodels` too: `conv1.weight`, `block1.rep.0.pointwise.weight`, `fc.weight`.
 *
 * A weight that has no place in that layout is missing from the result.
 *
 * @see timm/models/xception.py
 */
export function pyTorchNames(slots: readonly Slot[], allLayers: readonly string[]): Map<string, string> {
  const lastBlock = Math.max(...layersOf(slots).map(blockOf));
  const names = new Map<string, string>();
  for (const slot of slots) {
    const name = nameOf(slot, lastBlock, allLayers);
    if (name) names.set(slot.name, name);
  }
  return names;
}

function nameOf({ layer, kind }: Slot, lastBlock: number, allLayers: readonly string[]): string | undefined {
  if (layer === HEAD) return `fc.${kind === 'kernel' ? 'weight' : 'bias'}`;
  const bn = layer.endsWith('_bn');
  const [, block, part, index] =
    /^block(\d+)_(conv|sepconv|residual)_?(\d*)(_conv|_bn)?(_bn)?$/.exec(layer) ?? [];
  const weight = weightOf(kind, bn);
  if (!block || !weight) return undefined;
  // PyTorch counts the stem out, and gives the last block no module of its own.
  const module = `block${Number(block) - 1}`;
  if (part === 'residual') return `${module}.${bn ? 'skipbn' : 'skip'}.${weight}`;
  if (part === 'conv') return `${bn ? 'bn' : 'conv'}${index}.${weight}`;
  if (Number(block) === lastBlock) return `${bn ? 'bn' : 'conv'}${Number(index) + 2}.${weight}`;
  // In `rep` each convolution has a rectifier before it, but the first where the stem ends in one, and a
  // batch normalization behind it.
  const first = block === '2' && allLayers.includes('block1_conv2_act') ? 0 : 1;
  return `${module}.rep.${first + 3 * (Number(index) - 1) + (bn ? 1 : 0)}.${weight}`;
}

function weightOf(kind: string, bn: boolean): string | undefined {
  if (bn) return bnKinds[kind];
  return { kernel: 'weight', depthwise_kernel: 'conv1.weight', pointwise_kernel: 'pointwise.weight' }[kind];
}

/** Whether names are PyTorch's. */
export function arePyTorchNames(names: readonly string[]): boolean {
  return names.some((name) => name.endsWith('.weight'));
}

/** A name without what a wrapper has put in front of all names, in the spelling of timm. */
export function canonicalName(name: string, prefix: string): string {
  const own = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  return own.replace(/^(last_linear|classifier|head\.fc)\./, 'fc.');
}

/** What stands in front of all names: `module.` of DataParallel, `model.`, `encoder.` and the like. */
export function prefixOf(names: readonly string[]): string {
  for (const name of names) {
    const [, prefix] = /^(.*\.)bn1\.weight$/.exec(name) ?? [];
    if (prefix) return prefix;
  }
  return '';
}
