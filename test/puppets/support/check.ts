// Each program in five ways: plain Node, first run, replay without anything native, killed after each event and resumed, and the resumed journal
// replayed. Equal, or ended by a coded loss; never a hang and never a divergence.
import assert from 'node:assert/strict';
import { createHook } from 'node:async_hooks';
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { JournalEvent } from '../../../src/durable/journal/events/event.ts';
import { realm } from '../../replay/support/realm.ts';
import type { Session } from '../../../src/durable/replay/session/session-api.ts';
import { killAfter, program, run, type Program, type Run } from '../../replay/support/program.ts';
import { inTime } from '../../support/in-time.ts';

/** Kinds of async resources that a replay has no use for. */
const NATIVE = /^(PROCESSWRAP|TCP|PIPE|FSREQ|UDP|GETADDR|GETNAME|TLSWRAP|HTTP2|SHUTDOWNWRAP|WRITEWRAP|FSEVENT|STATWATCHER|TTY)/;
/** Another process of the machine may have taken the port of a server meanwhile. */
const ALWAYS = ['EADDRINUSE'];

/** What is expected of a program. */
export interface Expectation {
  /** Text of the program's module; `main` is its default export. */
  readonly text: string;
  /** What else a resumed program may return: a program that catches a loss and returns its code is right anyway. */
  readonly mayReturn?: (value: unknown) => boolean;
  /** Codes that a resumed program may end with. LIVE_OBJECT_LOST counts always, as the error or as its cause. */
  readonly mayFail?: readonly string[];
  /** Which cuts: every n-th. */
  readonly step?: number;
  /** Puts the outside back to how it was. */
  readonly fresh?: () => void;
  /** What it returns in a session, when that differs from plain Node by a rule. */
  readonly plainValue?: unknown;
  /** No cuts: what it does cannot be undone, or takes long. */
  readonly isUncut?: boolean;
}

/** What a check found. */
export interface Found {
  readonly value: unknown;
  readonly events: readonly JournalEvent[];
  readonly same: number;
  readonly lost: number;
}

const PLAIN = `
const { default: main } = await import('./main.ts');
process.on('uncaughtException', (error) => { console.log(JSON.stringify({ error: error.code ?? error.message })); process.exit(0); });
try { console.log(JSON.stringify({ value: await main({}) })); } catch (error) { console.log(JSON.stringify({ error: error.code ?? error.message })); }
process.exit(0);
`;

function plain(built: Program): unknown {
  const file = path.join(built.folder, 'plain.mjs');
  writeFileSync(file, PLAIN);
  const { stdout, stderr } = spawnSync(process.execPath, [file], { cwd: built.folder, encoding: 'utf8', timeout: 60_000 });
  rmSync(file);
  const line = stdout.trim().split('\n').at(-1) ?? '';
  assert.ok(line.startsWith('{'), `plain Node says: ${stdout}${stderr}`);
  return JSON.parse(line) as unknown;
}

const shown = ({ outcome }: Run): unknown =>
  outcome.how === 'done'
    ? (JSON.parse(JSON.stringify({ value: outcome.value })) as unknown)
    : { error: (Reflect.get(outcome.error as object, 'code') as unknown) ?? (outcome.error as Error).message };

/** Replays, and counts what is native about it. */
async function replay(built: Program, id: string, history: readonly JournalEvent[], what: string): Promise<Run> {
  const natives: string[] = [];
  let session: Session | undefined;
  // Halves outside of earlier runs may still be closing.
  const hook = createHook({
    init: (_id, type) => {
      if (NATIVE.test(type) && realm.owner() === session) natives.push(type);
    },
  }).enable();
  try {
    const replayed = await inTime(`replay ${what}`, run(built, { id, history, onSession: (made) => (session = made) }));
    assert.deepEqual(replayed.appended, [], `appended in replay ${what}`);
    assert.deepEqual(replayed.warnings, [], what);
    assert.deepEqual(natives, [], `native in replay ${what}`);
    return replayed;
  } finally {
    hook.disable();
  }
}

const isLost = (error: unknown): boolean => {
  for (let one = error; typeof one === 'object' && one !== null; one = Reflect.get(one, 'cause'))
    if (Reflect.get(one, 'code') === 'LIVE_OBJECT_LOST') return true;
  return false;
};

const saysLost = (value: unknown): boolean => /LIVE_OBJECT_LOST|ECONNRESET/.test(JSON.stringify(value) ?? '');

/** Checks one program. */
export async function check({
  text,
  mayReturn,
  mayFail = [],
  step = 1,
  fresh = () => undefined,
  isUncut = false,
  plainValue,
}: Expectation): Promise<Found> {
  using built = await program(text);
  const expected = plainValue === undefined ? plain(built) : { value: plainValue };
  fresh();
  const recorded = await inTime('first run', run(built));
  if (recorded.outcome.how !== 'done' && typeof expected === 'object' && expected !== null && 'value' in expected)
    throw recorded.outcome.error;
  assert.deepEqual(shown(recorded), expected, 'first run and plain Node');
  const [first] = recorded.events;
  const id = first?.t === 'start' ? first.session : '';
  assert.deepEqual(shown(await replay(built, id, recorded.events, 'of the first run')), expected, 'replay');
  let same = 0;
  let lost = 0;
  for (let cut = 2; cut < recorded.events.length && !isUncut; cut += step) {
    fresh();
    const history = await inTime(`run to ${String(cut)}`, killAfter(built, cut, { id }));
    const where = `killed after event ${String(cut)}, ${JSON.stringify(history.at(-1))}`;
    const resumed = await inTime(where, run(built, { id, history }));
    const { outcome } = resumed;
    const code: unknown = outcome.how === 'done' ? undefined : Reflect.get(outcome.error as object, 'code');
    if (JSON.stringify(shown(resumed)) === JSON.stringify(expected)) same++;
    else if (
      outcome.how === 'done'
        ? mayReturn?.(outcome.value) === true || saysLost(outcome.value)
        : isLost(outcome.error) || [...mayFail, ...ALWAYS].includes(String(code))
    )
      lost++;
    else assert.deepEqual(outcome.how === 'done' ? shown(resumed) : outcome.error, expected, where);
    const again = await replay(built, id, resumed.events, `of what was ${where}`);
    assert.equal(again.outcome.how, outcome.how, where);
  }
  return { value: Reflect.get(expected as object, 'value') as unknown, events: recorded.events, same, lost };
}
