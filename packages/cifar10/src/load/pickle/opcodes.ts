import type { Machine } from './machine';
import { build, globalOf, reduce } from './numpy-objects';
import type { Reader } from './reader';
import { kindOf, type PickleValue, Tuple, textOf } from './values';

type Run = (machine: Machine, reader: Reader) => void;

/** Opcodes by their byte, under the names of Python's pickletools; STOP is known to the reader. */
export const OPCODES: ReadonlyMap<number, Run> = new Map<number, Run>([
  opcode('\x80', function PROTO(_, reader) {
    const protocol = reader.uint8();
    if (protocol > 2) throw new Error(`its protocol must be 1 or 2, received ${protocol}`);
  }),
  opcode('(', function MARK(machine) {
    machine.mark();
  }),
  opcode('N', function NONE(machine) {
    machine.push(null);
  }),
  opcode('\x88', function NEWTRUE(machine) {
    machine.push(true);
  }),
  opcode('\x89', function NEWFALSE(machine) {
    machine.push(false);
  }),
  opcode('I', function INT(machine, reader) {
    machine.push(integerOf(reader.line()));
  }),
  opcode('J', function BININT(machine, reader) {
    machine.push(reader.int32());
  }),
  opcode('K', function BININT1(machine, reader) {
    machine.push(reader.uint8());
  }),
  opcode('M', function BININT2(machine, reader) {
    machine.push(reader.uint16());
  }),
  opcode('T', function BINSTRING(machine, reader) {
    machine.push(reader.take(reader.int32()));
  }),
  opcode('U', function SHORT_BINSTRING(machine, reader) {
    machine.push(reader.take(reader.uint8()));
  }),
  opcode(']', function EMPTY_LIST(machine) {
    machine.push([]);
  }),
  opcode('a', function APPEND(machine) {
    append([machine.pop()], machine.top());
  }),
  opcode('e', function APPENDS(machine) {
    append(machine.popMark(), machine.top());
  }),
  opcode('}', function EMPTY_DICT(machine) {
    machine.push(new Map());
  }),
  opcode('s', function SETITEM(machine) {
    setItems(machine.popMany(2), machine.top());
  }),
  opcode('u', function SETITEMS(machine) {
    setItems(machine.popMark(), machine.top());
  }),
  opcode(')', function EMPTY_TUPLE(machine) {
    machine.push(new Tuple([]));
  }),
  opcode('t', function TUPLE(machine) {
    machine.push(new Tuple(machine.popMark()));
  }),
  opcode('\x85', function TUPLE1(machine) {
    machine.push(new Tuple(machine.popMany(1)));
  }),
  opcode('\x86', function TUPLE2(machine) {
    machine.push(new Tuple(machine.popMany(2)));
  }),
  opcode('\x87', function TUPLE3(machine) {
    machine.push(new Tuple(machine.popMany(3)));
  }),
  opcode('q', function BINPUT(machine, reader) {
    machine.remember(reader.uint8());
  }),
  opcode('r', function LONG_BINPUT(machine, reader) {
    machine.remember(reader.uint32());
  }),
  opcode('h', function BINGET(machine, reader) {
    machine.recall(reader.uint8());
  }),
  opcode('j', function LONG_BINGET(machine, reader) {
    machine.recall(reader.uint32());
  }),
  opcode('c', function GLOBAL(machine, reader) {
    machine.push(globalOf(reader.line(), reader.line()));
  }),
  opcode('R', function REDUCE(machine) {
    const [callee, argument] = machine.popMany(2);
    machine.push(reduce(callee!, argument!));
  }),
  opcode('b', function BUILD(machine) {
    const state = machine.pop();
    build(machine.top(), state);
  }),
]);

function opcode(letter: string, run: Run): [number, Run] {
  return [letter.charCodeAt(0), run];
}

function append(items: PickleValue[], list: PickleValue): void {
  if (!Array.isArray(list)) throw new Error(`it appends to ${kindOf(list)}`);
  for (const item of items) list.push(item);
}

function setItems(items: PickleValue[], dictionary: PickleValue): void {
  if (!(dictionary instanceof Map)) throw new Error(`it sets items of ${kindOf(dictionary)}`);
  if (items.length % 2 === 1) throw new Error('a key has no value');
  for (let i = 0; i < items.length; i += 2) {
    const key = items[i]!;
    if (!(key instanceof Uint8Array)) throw new Error(`a key must be a string, received ${kindOf(key)}`);
    dictionary.set(textOf(key), items[i + 1]!);
  }
}

/** Protocol 1 writes truth values so: 01 and 00. */
function integerOf(line: string): number | boolean {
  if (line === '00' || line === '01') return line === '01';
  if (!/^-?\d{1,15}$/.test(line)) throw new Error(`a number must be whole, received ${JSON.stringify(line)}`);
  return Number(line);
}
