import { CHANNELS, IMAGE_SIZE, RECORD_BYTES } from '../../records';
import { decodeRgbPng } from '../rgb-png';
import type { ImageRow } from './image-rows';

const PLANE = IMAGE_SIZE * IMAGE_SIZE;

/** Writes images and labels as official records to `records`, the first as record `start`. */
export function rowsToRecords(rows: readonly ImageRow[], records: Uint8Array, start: number): void {
  for (const [i, { png, label }] of rows.entries()) {
    const name = `the image of record ${start + i}`;
    const data = decodeRgbPng(name, png, IMAGE_SIZE, IMAGE_SIZE);
    let to = (start + i) * RECORD_BYTES;
    records[to++] = label;
    for (let pixel = 0; pixel < PLANE; pixel++, to++) {
      records[to] = data[pixel * CHANNELS]!;
      records[to + PLANE] = data[pixel * CHANNELS + 1]!;
      records[to + 2 * PLANE] = data[pixel * CHANNELS + 2]!;
    }
  }
}
