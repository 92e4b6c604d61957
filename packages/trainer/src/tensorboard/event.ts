import { bytes, double, type Field, float, integer, message } from './protobuf';

/** When and at which step of the run something is told. */
export interface Moment {
  /** Seconds since 1970. */
  wallTime: number;
  step: number;
}

// A 0 is left out, as protocol buffers have it.
const event = ({ wallTime, step }: Moment, what: Field) =>
  message(double(1, wallTime), ...(step === 0 ? [] : [integer(2, step)]), what);

/** What every file begins with. */
export function fileVersion(moment: Moment): Uint8Array {
  return event(moment, bytes(3, 'brain.Event:2'));
}

/** A session begins: what earlier ones told of this step and later ones does not hold any more. */
export function sessionStart(moment: Moment): Uint8Array {
  const START = 1;
  return event(moment, bytes(7, message(integer(1, START))));
}

/** Numbers by their tags, such as `validation/loss`. */
export function scalars(moment: Moment, values: Readonly<Record<string, number>>): Uint8Array {
  const summaries = Object.entries(values).map(([tag, value]) =>
    bytes(1, message(bytes(1, tag), float(2, value))),
  );
  return event(moment, bytes(5, message(...summaries)));
}

/** A text in Markdown, for the text plugin. */
export function text(moment: Moment, tag: string, markdown: string): Uint8Array {
  const DT_STRING = 7;
  const [dataClass, TENSOR] = [4, 2] as const;
  const metadata = message(bytes(1, message(bytes(1, 'text'))), integer(dataClass, TENSOR));
  const tensor = message(integer(1, DT_STRING), bytes(2, message()), bytes(8, markdown));
  return event(
    moment,
    bytes(5, message(bytes(1, message(bytes(1, tag), bytes(8, tensor), bytes(9, metadata))))),
  );
}
