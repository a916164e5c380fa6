// What is no export, or not as it was: refused with a code, and nothing is there afterwards.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { codeOf } from '../../src/base/errors/errors.ts';
import { makeBigSession } from './support/big-session.ts';
import { exported, hasCode, imported, left, newId, Place } from './support/place.ts';

const place = new Place();
after(() => place[Symbol.dispose]());
const ID = newId();
let text: string;

before(async () => {
  const source = place.newStore();
  await makeBigSession(source, ID, place.program, 120, 100);
  ({ text } = await exported(source, ID));
});

/** The lines with their last one made right again: what somebody could write who wants it to be taken. */
function sealed(lines: readonly string[]): string {
  const above = `${lines.slice(0, -1).join('\n')}\n`;
  const end = { ...(JSON.parse(lines.at(-1) ?? '') as object), sha256: createHash('sha256').update(above).digest('hex') };
  return `${above}${JSON.stringify(end)}\n`;
}

type Line = Record<string, unknown>;

/** Changes one line, which `which` finds. */
function changed(which: (line: Line) => boolean, change: (line: Line) => Line | readonly Line[]): string[] {
  const lines = text.trimEnd().split('\n');
  const at = lines.findIndex((line) => which(JSON.parse(line) as Line));
  const given = change(JSON.parse(lines[at] ?? '') as Line);
  return lines.toSpliced(at, 1, ...(Array.isArray(given) ? given : [given]).map((one) => JSON.stringify(one)));
}

const header = (change: (line: Line) => Line): string[] => changed(({ kind }) => kind === 'header', change);
const event = (number: number, change: (line: Line) => Line | readonly Line[]): string[] => changed(({ seq }) => seq === number, change);
const file = (end: string, change: (line: Line) => Line | readonly Line[]): string[] =>
  changed(({ path }) => typeof path === 'string' && path.endsWith(end), change);
const flipped = (base64: unknown): string => {
  const bytes = Buffer.from(String(base64), 'base64');
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  return bytes.toString('base64');
};

/** Inputs that are no export as it was, with the code and what the message says. Those of `sealed` have a right checksum at their end. */
const WRONG: Readonly<Record<string, readonly [make: () => string | Uint8Array, code: string, says: RegExp]>> = {
  nothing: [() => '', 'IMPORT_INVALID', /nothing is there/],
  'an empty line': [() => '\n', 'IMPORT_INVALID', /no JSON/],
  'zeros without an end of a line': [() => new Uint8Array(100_000), 'IMPORT_INVALID', /the line has no end/],
  'another format': [() => '{"format":"somebody-else","version":1}\n', 'IMPORT_INVALID', /no header/],
  'the output of show --json': [() => '{"ok":true,"value":{}}\n', 'IMPORT_INVALID', /no header/],
  'a list': [() => '[]\n', 'IMPORT_INVALID', /no object/],
  'no UTF-8': [() => Buffer.from([0x7b, 0xff, 0x7d, 10]), 'IMPORT_INVALID', /no JSON/],
  'a byte order mark': [() => `\uFEFF${text}`, 'IMPORT_INVALID', /no JSON/],
  'a line longer than any': [() => Buffer.alloc(30 * 1024 * 1024, 'a'), 'IMPORT_INVALID', /longer than/],
  'a later format': [() => sealed(header((line) => ({ ...line, version: 2, more: {} }))), 'IMPORT_TOO_NEW', /version 2 of the format/],
  'a later journal': [() => sealed(header((line) => ({ ...line, journal: 99 }))), 'IMPORT_TOO_NEW', /version 99 of the journal/],
  'an earlier journal than it is': [() => sealed(header((line) => ({ ...line, journal: 2 }))), 'IMPORT_INVALID', /the header says 2/],
  'no version': [() => sealed(header((line) => ({ ...line, version: undefined }))), 'IMPORT_INVALID', /without a version/],
  'an id that leads elsewhere': [() => sealed(header((line) => ({ ...line, session: '../../x' }))), 'IMPORT_INVALID', /id of a session/],
  'the id of another session': [() => sealed(header((line) => ({ ...line, session: newId() }))), 'IMPORT_INVALID', /not of ses_/],
  'an unknown field': [() => sealed(header((line) => ({ ...line, owner: 'x' }))), 'IMPORT_INVALID', /unknown field "owner"/],
  'a second header': [() => sealed(header((line) => [line, line] as never)), 'IMPORT_INVALID', /second header/],
  'a line of an unknown kind': [() => sealed(event(3, (line) => [line, { kind: 'note' }])), 'IMPORT_INVALID', /unknown kind/],
  'its last line missing': [() => `${text.trimEnd().split('\n').slice(0, -1).join('\n')}\n`, 'IMPORT_INVALID', /cut off behind event 120/],
  'its last byte missing': [() => text.slice(0, -1), 'IMPORT_INVALID', /the line has no end/],
  'cut off in the middle': [() => text.slice(0, text.length >> 1), 'IMPORT_INVALID', /the line has no end/],
  'something behind its end': [() => `${text}${text}`, 'IMPORT_INVALID', /behind the end/],
  'line ends of Windows': [() => text.replaceAll('\n', '\r\n'), 'IMPORT_INVALID', /checksum of all lines/],
  'an event twice': [() => sealed(event(60, (line) => [line, line])), 'IMPORT_INVALID', /event 60 where 61/],
  'an event missing': [() => sealed(event(60, () => [])), 'IMPORT_INVALID', /event 61 where 60/],
  'events in another order': [
    () =>
      sealed(
        event(60, (line) => [
          { ...line, seq: 61 },
          { ...line, seq: 60 },
        ]),
      ),
    'IMPORT_INVALID',
    /event 61 where 60/,
  ],
  'a record that was changed': [
    () => sealed(event(60, (line) => ({ ...line, record: flipped(line['record']) }))),
    'IMPORT_INVALID',
    /the checksum of the events up to here|cannot be read|not a value|a record of kind/,
  ],
  'a record that is no base64': [() => sealed(event(60, (line) => ({ ...line, record: '*' }))), 'IMPORT_INVALID', /no base64/],
  'a record that is empty': [() => sealed(event(60, (line) => ({ ...line, record: '' }))), 'IMPORT_INVALID', /not a value/],
  'the record of another event': [
    () => sealed(event(60, (line) => ({ ...line, record: recordAt(0) }))),
    'IMPORT_INVALID',
    /a start event is the first one/,
  ],
  'text for people that was changed': [
    () => event(60, (line) => ({ ...line, event: {} })).join('\n') + '\n',
    'IMPORT_INVALID',
    /all lines/,
  ],
  'a checksum that was changed': [
    () => sealed(event(50, (line) => ({ ...line, chain: '0'.repeat(32) }))),
    'IMPORT_INVALID',
    /checksum of the events/,
  ],
  'rows of another length': [
    () => sealed(event(50, (line) => ({ ...line, chain: undefined }))),
    'IMPORT_INVALID',
    /checksum of the events/,
  ],
  'another count': [
    () =>
      sealed(
        changed(
          ({ kind }) => kind === 'end',
          (line) => ({ ...line, events: 5 }),
        ),
      ),
    'IMPORT_INVALID',
    /121 events came/,
  ],
  'another end': [
    () =>
      sealed(
        changed(
          ({ kind }) => kind === 'end',
          (line) => ({ ...line, ended: null }),
        ),
      ),
    'IMPORT_INVALID',
    /another end than its last event/,
  ],
  'a file above the folder': [() => sealed(file('table.json', (line) => ({ ...line, path: '../key' }))), 'IMPORT_INVALID', /no build has/],
  'a file below another one': [
    () => sealed(file('table.json', (line) => ({ ...line, path: 'files/../../runs/x/table.json' }))),
    'IMPORT_INVALID',
    /no build has/,
  ],
  'an absolute path': [() => sealed(file('table.json', (line) => ({ ...line, path: '/etc/passwd' }))), 'IMPORT_INVALID', /no build has/],
  'a file twice': [() => sealed(file('lowered.js', (line) => [line, line])), 'IMPORT_INVALID', /for the second time/],
  'a file missing': [() => sealed(file('lowered.js', () => [])), 'IMPORT_INVALID', /lowered\.js of a build is missing/],
  'a file of another length': [() => sealed(file('lowered.js', (line) => ({ ...line, bytes: '' }))), 'IMPORT_INVALID', /bytes long/],
  'a file that nobody needs': [
    () => sealed(file('lowered.js', (line) => [{ ...line, path: `files/${'0'.repeat(16)}/lowered.js` }, line])),
    'IMPORT_INVALID',
    /belongs to no build/,
  ],
  'a file that never ends': [() => sealed(file('lowered.js', (line) => ({ ...line, more: true }))), 'IMPORT_INVALID', /does not go on/],
  'a table that is none': [
    () => sealed(file('table.json', (line) => ({ ...line, bytes: 'e30=' }))),
    'IMPORT_INVALID',
    /table\.json cannot be read/,
  ],
  'a manifest that was changed': [
    () => sealed(changed(isManifest, (line) => ({ ...line, bytes: rewritten(line, (manifest) => ({ ...manifest, entry: '/etc/x.ts' })) }))),
    'IMPORT_INVALID',
    /is not that of build/,
  ],
  'a manifest whose key leads elsewhere': [
    () =>
      sealed(
        changed(isManifest, (line) => ({
          ...line,
          bytes: rewritten(line, (manifest) => ({ ...manifest, format: 77, files: { '/x.ts': '../../runs/x' } })),
        })),
      ),
    'IMPORT_INVALID',
    /names a file/,
  ],
  'a manifest missing': [() => sealed(changed(isManifest, () => [])), 'IMPORT_INVALID', /belongs to no build/],
  'builds behind the events': [
    () => sealed(event(120, (line) => [line, { kind: 'build', path: `${'0'.repeat(24)}.json`, bytes: '' }])),
    'IMPORT_INVALID',
    /behind the first event/,
  ],
};

const isManifest = ({ path }: Line): boolean => /^[0-9a-f]{24}\.json$/.test(String(path));
const rewritten = ({ bytes }: Line, change: (manifest: object) => object): string =>
  Buffer.from(JSON.stringify(change(JSON.parse(Buffer.from(String(bytes), 'base64').toString()) as object))).toString('base64');
const recordAt = (seq: number): string =>
  (JSON.parse(text.split('\n').find((line) => line.includes(`"seq":${seq},`)) ?? '') as { record: string }).record;

for (const [name, [make, code, says]] of Object.entries(WRONG))
  test(`importSession() refuses an export with ${name}, and nothing is there afterwards`, async () => {
    const to = place.newStore();
    await assert.rejects(imported(to, make()), hasCode(code, says));
    assert.deepEqual(left(to), []);
  });

test('importSession() refuses each single byte that was changed, wherever it stands', async () => {
  const bytes = Buffer.from(text);
  const to = place.newStore();
  for (let at = 0; at < bytes.length; at += 211) {
    const other = Buffer.from(bytes);
    other[at] = (other[at] ?? 0) ^ 4;
    await assert.rejects(imported(to, other), (error) => codeOf(error)?.startsWith('IMPORT_') === true, `byte ${at}`);
  }
  assert.deepEqual(left(to), []);
});
