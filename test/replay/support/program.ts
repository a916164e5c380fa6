// Programs as TypeScript text: built by the real builder and transform, run in this process with a journal in memory.
import { mkdtempSync, rmSync, writeFileSync, mkdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  BuildReader,
  Compiler,
  loadGraph,
  openBuild,
  type Loaders,
  type ModuleGraph,
  SessionModules,
} from '../../../src/durable/runner/instances/index.ts';
import { setUserRequire } from '../../../src/durable/runner/globals/index.ts';
import { createRecorder } from '../../../src/durable/runner/program/recorder.ts';
import { loadOwnEntry } from '../../../src/durable/runner/program/own-entries.ts';
import { attachProcess, sessionEnv, type InputSource } from '../../../src/durable/runner/process/index.ts';
import type { JournalEvent, StartEvent } from '../../../src/durable/journal/events/event.ts';
import { createSession } from '../../../src/durable/replay/session/session.ts';
import type { Session } from '../../../src/durable/replay/session/session-api.ts';
import type { SessionOptions } from '../../../src/durable/replay/session/session-options.ts';
import type { SessionObserver, SessionOutcome } from '../../../src/durable/replay/session/session-report.ts';
import { durableExtension } from '../../../src/durable/transform/index.ts';
import { createBuilder } from '../../../src/modules/index.ts';
import { inTurn } from '../../../src/durable/runner/program/in-turn.ts';
import { realClock } from '../../../src/platform/time/clock.ts';
import { createDisk } from '../../../src/platform/disk/disk.ts';
import { requireOutside } from '../../../src/durable/runner/program/require-outside.ts';
import { importUrl } from '../../../src/platform/process/program-process.ts';
import { realTurn } from '../../../src/platform/time/turn.ts';
import { deferred } from '../../../src/base/deferred.ts';
import { MemorySink, type MemorySinkOptions } from './memory-sink.ts';
import { realm } from './realm.ts';

/** A built program. */
export interface Program {
  readonly graph: ModuleGraph;
  readonly build: string;
  readonly file: string;
  readonly folder: string;
  [Symbol.dispose](): void;
}

const own = new Map<string, object>();

/** Builds files (name to text) and opens them as a runner does. */
export async function buildProgram(files: Readonly<Record<string, string>>, entry = 'main.ts'): Promise<Program> {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'replay-')));
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  const disk = createDisk({ sync: false });
  const builds = path.join(folder, '.builds');
  const file = path.join(folder, entry);
  const { id } = createBuilder({ disk, cacheFolder: builds, root: folder, extend: durableExtension() }).build(file);
  const durable = await loadOwnEntry('resprout/durable');
  if (durable !== undefined) own.set('resprout/durable', durable);
  const loaders: Loaders = {
    compiler: new Compiler(true),
    own,
    importUrl,
    requireFrom: (file) => requireOutside(file, (run) => realm.context.run(undefined, run)),
    loading: (_target, run) => run(),
    late: async (_, specifier) => await Promise.reject(new Error(`late: ${specifier}`)),
    imported: (specifier, target, value) => realm.registerModule(specifier, target, value),
  };
  const graph = await loadGraph(openBuild(new BuildReader({ folder: builds, disk }), id), loaders);
  return { graph, build: id, file, folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Builds a program of one file. */
export const program = async (text: string): Promise<Program> => await buildProgram({ 'main.ts': text });

/** How a program is run. */
export interface RunOptions extends Partial<
  Pick<SessionOptions, 'strict' | 'patienceMs' | 'maxValueBytes' | 'onParkedInSync' | 'turn' | 'clock'>
> {
  readonly id?: string;
  readonly data?: unknown;
  readonly history?: readonly JournalEvent[];
  readonly env?: Record<string, string>;
  readonly exportName?: string;
  readonly sink?: MemorySinkOptions;
  readonly observer?: SessionObserver;
  /** Standard input of the program. */
  readonly input?: InputSource;
  /** Given the session before it runs. */
  readonly onSession?: (session: Session) => void;
}

/** A run and what it left. */
export interface Run {
  readonly outcome: SessionOutcome;
  /** History and what was appended. */
  readonly events: readonly JournalEvent[];
  readonly appended: readonly JournalEvent[];
  readonly sink: MemorySink;
  readonly warnings: readonly string[];
}

let sessions = 0;
const seedOf = (id: string): Uint8Array => Uint8Array.from({ length: 32 }, (_, i) => (id.charCodeAt(i % id.length) * 31 + i * 7) & 255);

function startEvent(built: Program, id: string, exportName: string): StartEvent {
  return {
    t: 'start',
    version: 2,
    atMs: realClock.wallMs(),
    session: id,
    seed: seedOf(id),
    build: built.build,
    file: built.file,
    exportName,
    folder: built.folder,
    argv: [],
    data: new Uint8Array(),
    envHashes: {},
  };
}

/** Runs a program to its end, from a history or from the start. Rejects with JOURNAL_DIVERGED. */
export async function run(built: Program, options: RunOptions = {}): Promise<Run> {
  const { session, sink, warnings, done } = start(built, options);
  try {
    const outcome = await done;
    return { outcome, events: sink.events, appended: sink.events.slice(options.history?.length ?? 1), sink, warnings };
  } finally {
    session.close();
    process.exitCode = undefined;
  }
}

/** Begins a run. */
export function start(
  built: Program,
  options: RunOptions = {},
): { readonly session: Session; readonly sink: MemorySink; readonly warnings: readonly string[]; readonly done: Promise<SessionOutcome> } {
  const id = options.id ?? `ses_${String(++sessions)}`;
  const exportName = options.exportName ?? 'default';
  const history = options.history ?? [startEvent(built, id, exportName)];
  const [first] = history;
  if (first?.t !== 'start') throw new Error('a history begins with a start event');
  const sink = new MemorySink(history, options.sink);
  const warnings: string[] = [];
  let modules: SessionModules | undefined;
  const classNamed = (name: string, file?: string): unknown => modules?.classNamed(name, file);
  const { id: _id, data, history: _history, env, exportName: _export, sink: _sink, observer, onSession, input, ...rest } = options;
  const session = createSession({
    turn: realTurn,
    clock: realClock,
    // A replay to the end gives the recorded result, whatever the program came to: only a strict one compares them.
    strict: history.at(-1)?.t === 'end',
    ...rest,
    id,
    start: first,
    history,
    sink,
    realm,
    sites: built.graph.build,
    env: sessionEnv(env ?? { WHO: id }),
    folder: built.folder,
    classNamed,
    observer: { ...observer, onWarning: (text) => warnings.push(text) },
  });
  session.recorder = createRecorder({ session, realm, build: built.graph.build, classNamed });
  attachProcess(session, input);
  process.exitCode = undefined;
  onSession?.(session);
  const isScript = exportName === '';
  const main = async (): Promise<unknown> => {
    const made = new SessionModules(built.graph, session.hook, { isScript });
    modules = made;
    setUserRequire(session, (required) => made.requireOf(required));
    if (isScript) return await made.runBody((body) => inTurn(session, body));
    const loaded = await made.namespace(built.graph.build.manifest.entry);
    const entry: unknown = Reflect.get(loaded, exportName);
    if (typeof entry !== 'function') throw new Error(`${exportName} is no function`);
    return (await Reflect.apply(entry, undefined, [{ data }])) as unknown;
  };
  const done = session.run(main, { isScript });
  return { session, sink, warnings, done };
}

/** Runs a program until its journal has `events` events, then drops it as a killed process does. Gives what is left: its journal. */
export async function killAfter(built: Program, events: number, options: RunOptions = {}): Promise<readonly JournalEvent[]> {
  let session: Session | undefined;
  const killed = deferred<void>();
  const started = start(built, {
    ...options,
    onSession: (made) => {
      session = made;
      options.onSession?.(made);
    },
    sink: {
      ...options.sink,
      onAppend: (count) => {
        if (count !== events) return;
        session?.close();
        killed.resolve();
      },
    },
  });
  await Promise.race([killed.promise, started.done]);
  return started.sink.events.slice(0, events);
}
