/**
 * Changes of colour of an RGB image in place, on bytes as torchvision does them on uint8 tensors: in single precision,
 * cut off to bytes.
 *
 * Source: torchvision `transforms/_functional_tensor.py`.
 */

const { fround, max, min } = Math;

/** A blend of a byte with another value; `share` and `rest` are single precision. */
export function blend(value: number, share: number, other: number, rest: number): number {
  const mixed = fround(fround(value * share) + fround(other * rest));
  return mixed <= 0 ? 0 : mixed >= 255 ? 255 : Math.trunc(mixed);
}

/** Luma of a pixel as a byte. */
function grey(pixels: Uint8Array, at: number): number {
  const red = fround(fround(0.2989) * pixels[at]!);
  const green = fround(fround(0.587) * pixels[at + 1]!);
  const blue = fround(fround(0.114) * pixels[at + 2]!);
  return Math.trunc(fround(fround(red + green) + blue));
}

/** 0 is black, 1 the image itself, 2 twice as bright. */
export function adjustBrightness(pixels: Uint8Array, factor: number): void {
  const share = fround(factor);
  for (let i = 0; i < pixels.length; i++) pixels[i] = blend(pixels[i]!, share, 0, 0);
}

/** 0 is the image's mean grey, 1 the image itself. */
export function adjustContrast(pixels: Uint8Array, factor: number): void {
  let sum = 0;
  for (let at = 0; at < pixels.length; at += 3) sum += grey(pixels, at);
  const mean = fround(sum / (pixels.length / 3));
  const [share, rest] = [fround(factor), fround(1 - factor)];
  for (let i = 0; i < pixels.length; i++) pixels[i] = blend(pixels[i]!, share, mean, rest);
}

/** 0 is grey, 1 the image itself. */
export function adjustSaturation(pixels: Uint8Array, factor: number): void {
  const [share, rest] = [fround(factor), fround(1 - factor)];
  for (let at = 0; at < pixels.length; at += 3) {
    const value = grey(pixels, at);
    for (let i = at; i < at + 3; i++) pixels[i] = blend(pixels[i]!, share, value, rest);
  }
}

/** Turns the hue by `shift` of a full circle, −½ to ½. */
export function adjustHue(pixels: Uint8Array, shift: number): void {
  for (let at = 0; at < pixels.length; at += 3) {
    const [red, green, blue] = [pixels[at]! / 255, pixels[at + 1]! / 255, pixels[at + 2]! / 255];
    const value = max(red, green, blue);
    const range = value - min(red, green, blue);
    // A grey has no hue to turn.
    if (range === 0) continue;
    let sixth =
      value === red
        ? (green - blue) / range
        : value === green
          ? (blue - red) / range + 2
          : (red - green) / range + 4;
    sixth = ((((sixth / 6 + shift) % 1) + 1) % 1) * 6;
    for (let channel = 0; channel < 3; channel++) {
      // How much of the range this channel lacks: 0 within a sixth of its own hue, 1 from two sixths on.
      const away = (5 - 2 * channel + sixth) % 6;
      const lacks = max(0, min(away, 4 - away, 1));
      pixels[at + channel] = Math.trunc((value - range * lacks) * 255.999);
    }
  }
}
