/**
 * Throws unless `png` announces this size: read before anything is inflated, so that a small file cannot ask for much
 * memory.
 */
export function checkPngSize(name: string, png: Uint8Array, width: number, height: number): void {
  const header = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const [w, h] = png.length < 24 ? [0, 0] : [header.getUint32(16), header.getUint32(20)];
  if (w !== width || h !== height) {
    throw new Error(`${name} must be a PNG of ${width}×${height} pixels, received ${w}×${h}`);
  }
}
