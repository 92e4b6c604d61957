/** Reads numbers and bytes one after the other; throws where there are too few. */
export class Reader {
  offset = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The next `length` bytes, not copied. */
  take(length: number): Uint8Array {
    const start = this.offset;
    if (length < 0 || length > this.bytes.length - start) {
      throw new Error(`it must hold ${length} more bytes, and ends after ${this.bytes.length - start}`);
    }
    this.offset += length;
    return this.bytes.subarray(start, this.offset);
  }

  uint8(): number {
    return this.take(1)[0]!;
  }

  uint16(): number {
    return this.view.getUint16(this.skip(2), true);
  }

  int32(): number {
    return this.view.getInt32(this.skip(4), true);
  }

  uint32(): number {
    return this.view.getUint32(this.skip(4), true);
  }

  /** The letters up to the end of the line. */
  line(): string {
    const end = this.bytes.indexOf(10, this.offset);
    if (end < 0) throw new Error('it ends within a line');
    const text = new TextDecoder('latin1').decode(this.bytes.subarray(this.offset, end));
    this.offset = end + 1;
    return text;
  }

  private skip(length: number): number {
    this.take(length);
    return this.offset - length;
  }
}
