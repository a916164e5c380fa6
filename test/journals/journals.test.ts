// Sessions that released versions recorded: this version replays each of them, shows it, and goes on with those that were parked.
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { CLI } from '../examples/support/command.ts';

const RECORDED = path.join(import.meta.dirname, 'recorded');

interface Expected {
  readonly program: string;
  readonly exit: number;
  readonly stdout: string;
}

/** A copy of a recorded store, as private as a store must be. */
function copyOf(version: string, into: string): string {
  const store = path.join(into, 'store');
  cpSync(path.join(RECORDED, version), store, { recursive: true });
  rmSync(path.join(store, 'expected.json'));
  for (const entry of readdirSync(store, { recursive: true, withFileTypes: true }))
    chmodSync(path.join(entry.parentPath, entry.name), entry.isDirectory() ? 0o700 : 0o600);
  chmodSync(store, 0o700);
  return store;
}

function resprout(store: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args, '--store', store], {
    encoding: 'utf8',
    cwd: path.dirname(store),
  });
  return { exit: status, out: stdout, err: stderr };
}

for (const version of readdirSync(RECORDED)) {
  describe(`sessions that ${version} recorded`, () => {
    const expected = JSON.parse(readFileSync(path.join(RECORDED, version, 'expected.json'), 'utf8')) as Record<string, Expected>;
    for (const [session, { program, exit, stdout }] of Object.entries(expected)) {
      test(`${program}: it is shown, and its replay agrees`, () => {
        const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'resprout-journals-')));
        try {
          const store = copyOf(version, folder);
          const shown = resprout(store, 'show', session, '--events');
          assert.equal(shown.exit, 0, shown.err);
          assert.match(shown.out, new RegExp(`^\\S*/${program.replace('.', String.raw`\.`)}[ :]`));
          const replayed = resprout(store, 'replay', session);
          assert.equal(replayed.exit, 0, replayed.err);
          assert.match(replayed.err, /(\d+) of \1 recorded events agree/);
          if (exit === 3) goesOn(store, session, stdout);
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      });
    }
  });
}

/** A session that was parked is resumed, in the folder where it began. */
function goesOn(store: string, session: string, printed: string): void {
  const info = JSON.parse(resprout(store, 'show', session, '--json').out) as { value: { info: { folder: string } } };
  const { folder } = info.value.info;
  mkdirSync(folder, { recursive: true });
  try {
    const resumed = resprout(store, 'resume', session);
    assert.equal(resumed.exit, 0, resumed.err);
    assert.match(printed + resumed.out, /^\[(\s*0\.\d+,?){5}\s*\]\s*$/);
    assert.equal(readFileSync(path.join(folder, 'rewritten'), 'utf8'), '5');
    assert.deepEqual(readdirSync(folder), ['rewritten']);
  } finally {
    rmSync(path.dirname(folder), { recursive: true, force: true });
  }
}
