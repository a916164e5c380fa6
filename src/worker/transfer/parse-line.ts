// Parsers of the lines of an export. They come from anywhere: every field is checked, and a field too many is an error.
import { isSessionId } from '../../durable/journal/sessions/session-id.ts';
import { JOURNAL_VERSION } from '../../durable/journal/events/event.ts';
import { isBuildPath } from '../../modules/index.ts';
import {
  FORMAT_NAME,
  FORMAT_VERSION,
  type BuildLine,
  type EndLine,
  type EventLine,
  type ExportLine,
  type HeaderLine,
} from './export-format.ts';
import { invalid, tooNew } from './invalid.ts';
import type { InputLine } from './read-lines.ts';

type Fields = Readonly<Record<string, unknown>>;

const HEX_CHAIN = /^[0-9a-f]{32}$/;
const HEX_SHA256 = /^[0-9a-f]{64}$/;

const isWhole = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** One line. The first one must be a header. @throws ResproutError IMPORT_INVALID, IMPORT_TOO_NEW */
export function parseLine({ number, bytes }: InputLine): ExportLine {
  const fields = fieldsOf(number, bytes);
  if (number === 1) return headerIn(fields);
  switch (fields['kind']) {
    case 'build':
      return buildIn(number, fields);
    case 'event':
      return eventIn(number, fields);
    case 'end':
      return endIn(number, fields);
    case 'header':
      throw invalid(number, 'a second header');
    default:
      throw invalid(number, 'a line of an unknown kind');
  }
}

/** The bytes of a text in base64. @throws ResproutError IMPORT_INVALID for any other text */
export function fromBase64(number: number, text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw invalid(number, 'bytes that are no base64');
  return new Uint8Array(bytes);
}

function fieldsOf(number: number, bytes: Uint8Array): Fields {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw invalid(number, 'the line is no JSON', cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(number, 'the line is no object');
  return value as Fields;
}

function only(number: number, fields: Fields, names: readonly string[]): void {
  const other = Object.keys(fields).find((name) => !names.includes(name));
  if (other !== undefined) throw invalid(number, `an unknown field ${JSON.stringify(other.slice(0, 40))}`);
}

function headerIn(fields: Fields): HeaderLine {
  const { kind, format, version, journal, session } = fields;
  if (kind !== 'header' || format !== FORMAT_NAME) throw invalid(1, `no header of the format ${FORMAT_NAME}`);
  if (!isWhole(version) || version === 0) throw invalid(1, 'a header without a version');
  // Before anything else: a later version may have other fields.
  if (version > FORMAT_VERSION) throw tooNew('the format', version, FORMAT_VERSION);
  only(1, fields, ['kind', 'format', 'version', 'journal', 'session']);
  if (!isWhole(journal)) throw invalid(1, 'a header without the version of the journal');
  if (journal > JOURNAL_VERSION) throw tooNew('the journal', journal, JOURNAL_VERSION);
  if (typeof session !== 'string' || !isSessionId(session)) throw invalid(1, 'a header without the id of a session');
  return { kind, format, version, journal, session };
}

function buildIn(number: number, fields: Fields): BuildLine {
  const { path, bytes, more } = fields;
  only(number, fields, ['kind', 'path', 'bytes', 'more']);
  if (typeof path !== 'string' || !isBuildPath(path)) throw invalid(number, 'a file that no build has');
  if (typeof bytes !== 'string' || (more !== undefined && more !== true)) throw invalid(number, 'a file of a build without its bytes');
  return { kind: 'build', path, bytes, more };
}

function eventIn(number: number, fields: Fields): EventLine {
  const { seq, event, record, chain } = fields;
  only(number, fields, ['kind', 'seq', 'event', 'record', 'chain']);
  if (!isWhole(seq) || typeof record !== 'string') throw invalid(number, 'an event without its number or its record');
  if (chain !== undefined && (typeof chain !== 'string' || !HEX_CHAIN.test(chain))) throw invalid(number, 'a checksum that is none');
  return { kind: 'event', seq, event, record, chain };
}

function endIn(number: number, fields: Fields): EndLine {
  const { events, ended, sha256 } = fields;
  only(number, fields, ['kind', 'events', 'ended', 'sha256']);
  if (!isWhole(events) || typeof sha256 !== 'string' || !HEX_SHA256.test(sha256)) throw invalid(number, 'an end without its numbers');
  if (ended !== null && ended !== 'done' && ended !== 'failed' && ended !== 'cancelled') throw invalid(number, 'an end of an unknown kind');
  return { kind: 'end', events, ended, sha256 };
}
