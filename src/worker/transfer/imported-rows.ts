// Reads an export line by line, as rows of its journal. Invariants of what it gives:
//   I1. The rows are those of the store that it comes from: number, order and bytes make the chained checksum that stands with each.
//   I2. It ends only behind the last line, and when all bytes before that have its checksum. Whoever takes the rows waits for the end.
//   I3. Builds wait in memory until then; the builds are those that the events name, no more and no less.
import { ResproutError, toError } from '../../base/errors/errors.ts';
import { chainLink, FIRST_LINK } from '../../durable/engines/index.ts';
import type { JournalEvent } from '../../durable/journal/events/event.ts';
import { decodeEvent, joinEvents } from '../../durable/journal/events/row-codec.ts';
import type { JournalRow } from '../../durable/journal/journal-store.ts';
import { checkBuildFiles } from '../../modules/index.ts';
import { RunningHash } from '../../platform/running-hash.ts';
import { BUILDS_BYTES, ROW_BYTES, type BuildLine, type EndLine, type EventLine, type HeaderLine } from './export-format.ts';
import { invalid } from './invalid.ts';
import { fromBase64, parseLine } from './parse-line.ts';
import type { InputLine } from './read-lines.ts';

const LENGTH_BYTES = 4;
const NEWLINE = new Uint8Array([10]);

/** One export that is being read. */
export class ImportedRows {
  readonly header: HeaderLine;
  readonly #lines: AsyncGenerator<InputLine>;
  readonly #digest: RunningHash;
  readonly #files = new Map<string, Uint8Array>();
  #pieces: Uint8Array[] = [];
  #openPath: string | undefined;
  #buildBytes = 0;
  #hasEvents = false;
  readonly #needed = new Set<string>();
  #row: Uint8Array[] = [];
  #rowBytes = 0;
  #chain: Uint8Array = FIRST_LINK;
  #seq = 0;
  #last: JournalEvent | undefined;
  #end: EndLine | undefined;

  private constructor(header: HeaderLine, lines: AsyncGenerator<InputLine>, digest: RunningHash) {
    this.header = header;
    this.#lines = lines;
    this.#digest = digest;
  }

  /** Reads the header. @throws ResproutError IMPORT_INVALID, IMPORT_TOO_NEW, and what `lines` throws */
  static async open(lines: AsyncGenerator<InputLine>): Promise<ImportedRows> {
    const first = await lines.next();
    if (first.done === true) throw invalid(1, 'nothing is there');
    const header = parseLine(first.value);
    if (header.kind !== 'header') throw invalid(1, 'no header');
    const digest = new RunningHash();
    digest.take(first.value.bytes);
    digest.take(NEWLINE);
    return new ImportedRows(header, lines, digest);
  }

  /** Files of the builds. Only once `rows` has ended. */
  get files(): ReadonlyMap<string, Uint8Array> {
    return this.#files;
  }

  /** What the last line says. Only once `rows` has ended. */
  get end(): EndLine | undefined {
    return this.#end;
  }

  /** Ids of the builds. Only once `rows` has ended. */
  get builds(): readonly string[] {
    return [...this.#needed].sort();
  }

  /** All rows. @throws ResproutError IMPORT_INVALID, and what the lines throw */
  async *rows(): AsyncGenerator<JournalRow> {
    let lines = 1;
    for await (const { number, bytes } of this.#lines) {
      lines = number;
      if (this.#end !== undefined) throw invalid(number, 'something stands behind the end');
      const line = parseLine({ number, bytes });
      if (line.kind === 'end') {
        this.#close(number, line);
        continue;
      }
      this.#digest.take(bytes);
      this.#digest.take(NEWLINE);
      if (line.kind === 'build') this.#takeBuild(number, line);
      else if (line.kind === 'event') {
        const row = this.#takeEvent(number, line);
        if (row !== undefined) yield row;
      }
    }
    if (this.#end === undefined) throw invalid(lines + 1, `it is cut off behind event ${this.#seq - 1}: the last line is missing`);
  }

  #takeBuild(number: number, { path, bytes, more }: BuildLine): void {
    if (this.#hasEvents) throw invalid(number, 'a file of a build behind the first event');
    if (this.#openPath === undefined && this.#files.has(path)) throw invalid(number, `${path} for the second time`);
    if (this.#openPath !== undefined && this.#openPath !== path) throw invalid(number, `${this.#openPath} does not go on`);
    const piece = fromBase64(number, bytes);
    this.#buildBytes += piece.length;
    if (this.#buildBytes > BUILDS_BYTES) throw invalid(number, `its builds have more than ${BUILDS_BYTES} bytes`);
    this.#pieces.push(piece);
    this.#openPath = more === true ? path : undefined;
    if (more === true) return;
    this.#files.set(path, Buffer.concat(this.#pieces));
    this.#pieces = [];
  }

  #takeEvent(number: number, { seq, record, chain }: EventLine): JournalRow | undefined {
    if (this.#openPath !== undefined) throw invalid(number, `${this.#openPath} does not go on`);
    if (seq !== this.#seq) throw invalid(number, `event ${seq} where ${this.#seq} is the next one`);
    const encoded = withLength(fromBase64(number, record));
    const event = eventIn(number, encoded);
    this.#checkStart(number, event);
    if (event.t === 'start' || event.t === 'build') this.#needed.add(event.build);
    this.#hasEvents = true;
    this.#last = event;
    this.#row.push(encoded);
    this.#rowBytes += encoded.length;
    this.#seq++;
    if (this.#rowBytes > ROW_BYTES) throw invalid(number, `a row of more than ${ROW_BYTES} bytes`);
    return chain === undefined ? undefined : this.#takeRow(number, chain);
  }

  #checkStart(number: number, event: JournalEvent): void {
    const { session, journal } = this.header;
    if ((event.t === 'start') !== (this.#seq === 0)) throw invalid(number, 'a start event is the first one, and no other one is');
    if (event.t !== 'start') return;
    if (event.session !== session) throw invalid(number, `the start of ${JSON.stringify(event.session.slice(0, 40))}, not of ${session}`);
    if (event.version !== journal) throw invalid(number, `a journal of version ${event.version}, the header says ${journal}`);
  }

  #takeRow(number: number, chain: string): JournalRow {
    const count = this.#row.length;
    const row = { session: this.header.session, firstSeq: this.#seq - count, count, bytes: joinEvents(this.#row) };
    this.#chain = chainLink(this.#chain, row);
    if (Buffer.from(this.#chain).toString('hex') !== chain) throw invalid(number, 'the checksum of the events up to here is another one');
    this.#row = [];
    this.#rowBytes = 0;
    return row;
  }

  #close(number: number, end: EndLine): void {
    if (this.#row.length > 0 || this.#last === undefined) throw invalid(number, 'the events do not end with a checksum');
    if (end.events !== this.#seq) throw invalid(number, `${this.#seq} events came, and ${end.events} are there`);
    if (end.ended !== (this.#last.t === 'end' ? this.#last.how : null)) throw invalid(number, 'it says another end than its last event');
    if (this.#digest.hex() !== end.sha256) throw invalid(number, 'the checksum of all lines is another one: they were changed');
    const builds = checkBuildFiles(this.#files);
    const missing = [...this.#needed].find((id) => !builds.has(id));
    if (missing !== undefined) throw invalid(number, `build ${JSON.stringify(missing.slice(0, 40))} is missing`);
    const more = [...builds].find((id) => !this.#needed.has(id));
    if (more !== undefined) throw invalid(number, `build ${more} is none that an event names`);
    this.#end = end;
  }
}

function withLength(record: Uint8Array): Uint8Array {
  const encoded = new Uint8Array(LENGTH_BYTES + record.length);
  new DataView(encoded.buffer).setUint32(0, record.length);
  encoded.set(record, LENGTH_BYTES);
  return encoded;
}

function eventIn(number: number, encoded: Uint8Array): JournalEvent {
  try {
    return decodeEvent(encoded);
  } catch (thrown) {
    const error = toError(thrown);
    throw invalid(number, error instanceof ResproutError ? error.message : 'an event that cannot be read', error);
  }
}
