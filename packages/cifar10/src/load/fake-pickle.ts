/** Writes pickles of protocol 2 as Python 2 does, for tests that need other content than the fixtures have. */

const text = (value: string) => Buffer.from(value, 'latin1');

const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};

export const pickleInt = (value: number) => Buffer.concat([text('J'), int32(value)]);

export const pickleBytes = (bytes: Uint8Array) => Buffer.concat([text('T'), int32(bytes.length), bytes]);

export const pickleList = (items: Uint8Array[]) => Buffer.concat([text(']('), ...items, text('e')]);

/** Keys and values by turns. */
export const pickleDict = (entries: Record<string, Uint8Array>) =>
  Buffer.concat([
    text('}('),
    ...Object.entries(entries).flatMap(([key, value]) => [pickleBytes(text(key)), value]),
    text('u'),
  ]);

/** numpy's array of bytes. */
export const pickleArray = (shape: number[], data: Uint8Array) =>
  Buffer.concat([
    text('cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R(K\x01('),
    ...shape.map(pickleInt),
    text('tcnumpy\ndtype\nU\x02u1K\x00K\x01\x87R\x89'),
    pickleBytes(data),
    text('tb'),
  ]);

export const pickle = (value: Uint8Array) => Buffer.concat([text('\x80\x02'), value, text('.')]);
