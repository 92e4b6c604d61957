import { type AsyncBuffer, type FileMetaData, parquetReadObjects } from 'hyparquet';

/** An image of the table, as it stands there. */
export interface ImageRow {
  readonly png: Uint8Array;
  readonly label: number;
}

/** The columns of uoft-cs/cifar10; uoft-cs/cifar100 has others. */
const COLUMNS = ['img', 'label'];

/** Reads the rows from `start` to `end`; throws where one is no image with a label. */
export async function readImageRows(
  file: AsyncBuffer,
  metadata: FileMetaData,
  start: number,
  end: number,
): Promise<ImageRow[]> {
  const read = { file, metadata, rowStart: start, rowEnd: end, columns: COLUMNS, utf8: false };
  const rows = await parquetReadObjects(read);
  if (rows.length !== end - start) {
    throw new Error(`the rows ${start} to ${end} must be ${end - start}, received ${rows.length}`);
  }
  return rows.map((row, i) => {
    const png = (row.img as { bytes?: unknown } | null | undefined)?.bytes;
    const label = Number(row.label);
    const isLabel = Number.isInteger(label) && label >= 0 && label <= 255;
    if (!(png instanceof Uint8Array) || !isLabel) {
      throw new Error(`row ${start + i} must hold \`img.bytes\` and a \`label\` from 0 to 9`);
    }
    return { png, label };
  });
}
