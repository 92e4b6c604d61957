import type { RgbImage } from '@xcp/xception';

export interface DecodedPicture {
  /** For the network. */
  pixels: RgbImage;
  /** For the page. */
  canvas: HTMLCanvasElement;
}

/** A picture without a size of its own, such as some SVG, gets this one. */
const FALLBACK = 512;

/**
 * The pixels of a picture in any format that this browser shows, turned as a camera says; what is transparent is laid on
 * white.
 *
 * @throws where the browser cannot read it.
 */
export async function decodePicture(file: Blob & { name?: string }): Promise<DecodedPicture> {
  const url = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = url;
    await image.decode().catch(() => {
      throw new Error(`A picture must be one that this browser can show, received ${file.name ?? file.type}`);
    });
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth || FALLBACK;
    canvas.height = image.naturalHeight || FALLBACK;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context)
      throw new Error(`The picture is too large, received ${canvas.width}×${canvas.height} pixels`);
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const { width, height, data: rgba } = context.getImageData(0, 0, canvas.width, canvas.height);
    const data = new Uint8Array(width * height * 3);
    for (let from = 0, to = 0; from < rgba.length; from += 4) {
      data[to++] = rgba[from]!;
      data[to++] = rgba[from + 1]!;
      data[to++] = rgba[from + 2]!;
    }
    return { pixels: { width, height, data }, canvas };
  } finally {
    URL.revokeObjectURL(url);
  }
}
