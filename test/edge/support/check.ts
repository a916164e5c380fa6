// Programs on a folder of their own, in five ways: in plain Node, recorded, replayed where nothing of the folder is left, killed after every event
// and resumed, and the resumed journal replayed.
import assert from 'node:assert/strict';
import { createHook } from 'node:async_hooks';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import type { JournalEvent } from '../../../src/durable/journal/events/event.ts';
import { killAfter, program, run, type Program, type Run } from '../../replay/support/program.ts';

const HEADER = `
import fs from 'node:fs';
import fsp from 'node:fs/promises';
import path from 'node:path';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { createInterface } from 'node:readline';
import { Readable, Transform, Writable, PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { buffer, text } from 'node:stream/consumers';
import { createHash } from 'node:crypto';
const pause = (ms = 3) => new Promise((resolve) => setTimeout(resolve, ms));
const caught = async (run) => { try { return await run(); } catch (error) { return [error.name, error.code, error.syscall, error.message.replaceAll(error.path ?? '\\0', 'PATH')]; } };
`;

const sourceOf = (body: string): string => `${HEADER}
export default async function main({ data: { folder: d } }) {${body}}`;

/** One program, the body of a function that has its folder as \`d\`. */
export interface Case {
  readonly name: string;
  readonly body: string;
  /** What is in its folder at the start: names to text. */
  readonly files?: Readonly<Record<string, string>>;
  /** Codes with which resumed runs may end, and results they may have besides: where nobody can know what happened. */
  readonly may?: readonly string[];
  /** What it gives; otherwise what plain Node gives. */
  readonly gives?: unknown;
  /** Kills are left out, for programs of many events: every so many events. Default 1. */
  readonly every?: number;
  readonly fails?: boolean;
}

const asJson = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

/** Everything in a folder: names to text. */
function contentOf(folder: string): Readonly<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const place = path.join(entry.parentPath, entry.name);
    if (entry.isFile()) all[path.relative(folder, place)] = readFileSync(place, 'latin1');
    else all[path.relative(folder, place)] = entry.isDirectory() ? '(folder)' : '(other)';
  }
  return all;
}

function fresh(folder: string, files: Readonly<Record<string, string>> = {}): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
}

async function plain(source: string, built: Program, folder: string): Promise<unknown> {
  const file = path.join(built.folder, 'plain.mjs');
  writeFileSync(file, source);
  const { default: main } = (await import(pathToFileURL(file).href)) as { readonly default: (event: unknown) => Promise<unknown> };
  return asJson(await main({ data: { folder } }));
}

function valueOf({ outcome }: Run): unknown {
  if (outcome.how !== 'done') throw new Error(`the program ${outcome.how}: ${String(outcome.error)}`, { cause: outcome.error });
  return asJson(outcome.value);
}

/** Requests of the file system that begin while something runs. Synchronous ones are seen by what they find: nothing. */
async function requestsOf<T>(run: () => Promise<T>): Promise<{ readonly result: T; readonly requests: readonly string[] }> {
  const requests: string[] = [];
  const hook = createHook({
    init: (_id, type) => void (/^FS|FILEHANDLE|DIRHANDLE|STATWATCHER/.test(type) && requests.push(type)),
  });
  hook.enable();
  try {
    return { result: await run(), requests };
  } finally {
    hook.disable();
  }
}

/** A killed process does nothing any more; in this one, what it had under way comes to its end first. */
async function calm(): Promise<void> {
  const isBusy = (): boolean => process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));
  do await new Promise((resolve) => setTimeout(resolve, 1));
  while (isBusy());
}

/** Runs one program in all ways. */
export async function check(one: Case): Promise<readonly JournalEvent[]> {
  const source = sourceOf(one.body);
  using built = await program(source);
  const folder = path.join(built.folder, 'work');
  fresh(folder, one.files);
  const expected = 'gives' in one ? one.gives : await plain(source, built, folder);
  const left = contentOf(folder);
  fresh(folder, one.files);
  const id = `ses_${one.name.replaceAll(/\W+/g, '_')}`;
  const options = { data: { folder }, id };
  const recorded = await run(built, options);
  assert.deepEqual(valueOf(recorded), expected, 'first run');
  if (!('gives' in one)) assert.deepEqual(contentOf(folder), left, 'files of the first run');
  const after = contentOf(folder);
  fresh(folder);
  const { result: replayed, requests } = await requestsOf(
    async () => await run(built, { ...options, history: recorded.events, strict: true }),
  );
  assert.deepEqual(valueOf(replayed), expected, 'replay');
  assert.deepEqual(replayed.appended, [], 'replay');
  assert.deepEqual(replayed.warnings, [], 'replay');
  assert.deepEqual(requests, [], 'requests of a replay');
  assert.deepEqual(contentOf(folder), {}, 'a replay made something');
  for (let cut = 2; cut <= recorded.events.length; cut += one.every ?? 1) {
    fresh(folder, one.files);
    const history = await killAfter(built, cut, options);
    await calm();
    const where = `killed after event ${String(cut)}, ${JSON.stringify(history.at(-1)).slice(0, 300)}`;
    const resumed = await run(built, { ...options, history });
    const { outcome } = resumed;
    const code = outcome.how === 'done' ? undefined : String((outcome.error as { readonly code?: unknown }).code);
    if (code === undefined) {
      assert.deepEqual(asJson(outcome.how === 'done' ? outcome.value : undefined), expected, where);
      assert.deepEqual(contentOf(folder), after, where);
    } else assert.ok(one.may?.includes(code) === true, `${where}: ${String(outcome.how === 'done' ? '' : outcome.error)}`);
    const again = await run(built, { ...options, history: resumed.events, strict: true });
    assert.equal(again.outcome.how, outcome.how, where);
    assert.deepEqual(again.appended, [], where);
  }
  return recorded.events;
}

/** A test for each. */
export function testAll(cases: readonly Case[]): void {
  for (const one of cases)
    void test(one.name, async () => {
      await check(one);
    });
}
