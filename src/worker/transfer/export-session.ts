import { ResproutError } from '../../base/errors/errors.ts';
import { EVENT_KIND } from '../../durable/journal/events/event-record.ts';
import type { JournalEvent } from '../../durable/journal/events/event.ts';
import { decodeEvent, kindAndNumber, recordOf, splitRowBytes } from '../../durable/journal/events/row-codec.ts';
import { chainLink, FIRST_LINK } from '../../durable/engines/index.ts';
import { readBuildFiles } from '../../modules/index.ts';
import { RunningHash } from '../../platform/running-hash.ts';
import { createDisk } from '../../platform/disk/disk.ts';
import { inStore } from '../../platform/system-error.ts';
import { jsonOf } from '../../platform/values/json-value.ts';
import { eventFields } from '../store/event-json.ts';
import { startOf } from '../store/journal-events.ts';
import { noSession } from '../store/list-sessions.ts';
import { storeBuilder } from '../store/store-builder.ts';
import { openStore, type Store } from '../store/store.ts';
import { FORMAT_NAME, FORMAT_VERSION, PIECE_BYTES, SHOWN_CHARS, toBase64, type EndLine, type ExportLine } from './export-format.ts';

export interface ExportOptions {
  /** Folder of the store, absolute. */
  readonly storeFolder: string;
  /** The session. It may be running: what is committed when the export begins is exported. */
  readonly sessionId: string;
  /** Takes the lines, each with its end. The next one waits for its promise. */
  readonly write: (line: Uint8Array) => void | Promise<void>;
  /** Gives up between two lines. What was written has no end then, and no import takes it. */
  readonly signal?: AbortSignal | undefined;
}

/** What was exported. */
export interface ExportResult {
  readonly sessionId: string;
  readonly events: number;
  /** How the session has ended; null: it has not. */
  readonly ended: EndLine['ended'];
  /** Ids of the builds. */
  readonly builds: readonly string[];
  readonly bytes: number;
  /** SHA-256 of all lines but the last, as that one says it. */
  readonly sha256: string;
}

/** What the lines need to know beforehand. */
interface Facts {
  readonly start: Extract<JournalEvent, { readonly t: 'start' }>;
  readonly events: number;
  readonly ended: EndLine['ended'];
  readonly builds: readonly string[];
}

/**
 * Writes a session as lines of JSON: all that another store needs to show it, to replay it and to go on with it. Read-only: an owner that is alive is
 * not disturbed. Memory does not grow with the session.
 * @throws ResproutError SESSION_MISSING, JOURNAL_CORRUPT, BUILD_FILE_MISSING, STORE_IO, what `write` throws, and the reason of `signal`
 */
export async function exportSession(options: ExportOptions): Promise<ExportResult> {
  const store = openStore({ folder: options.storeFolder, create: false });
  return await inStore(store.folder, () => exported(store, options));
}

async function exported(store: Store, { sessionId, write, signal }: ExportOptions): Promise<ExportResult> {
  if (!(await store.sessions.has(sessionId))) throw noSession(store, sessionId, 'export');
  const { start, events, ended, builds } = await factsOf(store, sessionId, signal);
  mend(store, builds);
  const digest = new RunningHash();
  let bytes = 0;
  const put = async (line: ExportLine): Promise<void> => {
    signal?.throwIfAborted();
    const text = Buffer.from(`${JSON.stringify(line)}\n`);
    if (line.kind !== 'end') digest.take(text);
    bytes += text.length;
    await write(text);
  };
  await put({ kind: 'header', format: FORMAT_NAME, version: FORMAT_VERSION, journal: start.version, session: sessionId });
  for (const file of readBuildFiles(createDisk(), store.buildsFolder, builds)) {
    for (let at = 0; at === 0 || at < file.bytes.length; at += PIECE_BYTES) {
      const piece = toBase64(file.bytes.subarray(at, at + PIECE_BYTES));
      await put({ kind: 'build', path: file.path, bytes: piece, ...(at + PIECE_BYTES < file.bytes.length ? { more: true } : {}) });
    }
  }
  await putEvents(store, sessionId, events, put);
  const sha256 = digest.hex();
  await put({ kind: 'end', events, ended, sha256 });
  return { sessionId, events, ended, builds, bytes, sha256 };
}

/** Looks through the journal once: what is committed from now on is not exported. */
async function factsOf(store: Store, sessionId: string, signal: AbortSignal | undefined): Promise<Facts> {
  let first: JournalEvent | undefined;
  let last: Uint8Array | undefined;
  let events = 0;
  const builds = new Set<string>();
  for await (const row of store.sessions.read(sessionId)) {
    signal?.throwIfAborted();
    for (const encoded of splitRowBytes(row.bytes, row.count)) {
      if (events === 0) first = decodeEvent(encoded);
      else if (kindAndNumber(encoded)[0] === EVENT_KIND.build) {
        const event = decodeEvent(encoded);
        if (event.t === 'build') builds.add(event.build);
      }
      last = encoded;
      events++;
    }
  }
  const start = startOf(first === undefined ? [] : [first], sessionId);
  const end = last === undefined ? undefined : decodeEvent(last);
  return { start, events, ended: end?.t === 'end' ? end.how : null, builds: [...new Set([start.build, ...builds])].sort() };
}

/** Artefacts that a power cut took are made again, as long as their sources are there. @throws ResproutError BUILD_FILE_MISSING */
function mend(store: Store, builds: readonly string[]): void {
  const builder = storeBuilder(store, createDisk());
  for (const id of builds) builder.open(id);
}

async function putEvents(store: Store, sessionId: string, below: number, put: (line: ExportLine) => Promise<void>): Promise<void> {
  let chain: Uint8Array = FIRST_LINK;
  let seq = 0;
  for await (const row of store.sessions.read(sessionId)) {
    if (row.firstSeq >= below) break;
    chain = chainLink(chain, row);
    const last = row.firstSeq + row.count - 1;
    for (const encoded of splitRowBytes(row.bytes, row.count)) {
      const line = { kind: 'event', seq, event: shown(decodeEvent(encoded)), record: toBase64(recordOf(encoded)) } as const;
      await put(seq === last ? { ...line, chain: Buffer.from(chain).toString('hex') } : line);
      seq++;
    }
  }
  if (seq !== below) throw new ResproutError('SESSION_MISSING', `session ${sessionId} was removed while it was exported`);
}

function shown(event: JournalEvent): unknown {
  const json = jsonOf(eventFields(event));
  const { length } = JSON.stringify(json);
  return length <= SHOWN_CHARS ? json : { t: event.t, leftOutChars: length };
}
