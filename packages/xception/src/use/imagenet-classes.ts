import { IMAGENET_CLASS_LINES } from './imagenet-class-lines';

export interface ImagenetClass {
  /** Its identifier in WordNet, as `'n02123045'`. */
  id: string;
  /** As Keras writes it: `'tabby'`. Two classes may share a name (`'crane'`, `'maillot'`). */
  name: string;
}

/**
 * The 1000 classes of ImageNet (ILSVRC 2012), in the order of the logits of Keras's and PyTorch's models.
 *
 * @example IMAGENET_CLASSES[281]; // { id: 'n02123045', name: 'tabby' }
 * @see the class index that Keras downloads, of MD5 c2c37ea517e94d9795004a39431a14cb
 */
export const IMAGENET_CLASSES: readonly ImagenetClass[] = /* @__PURE__ */ IMAGENET_CLASS_LINES.split(
  '\n',
).map((line) => {
  const [id, name] = line.split(' ');
  return { id: id!, name: name! };
});
