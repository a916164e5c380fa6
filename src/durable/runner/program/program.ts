// The program of one session: its build loaded, its session made, its entry called, its end told. See run.ts for the order around it.
import { deferred } from '../../../base/deferred.ts';
import { codeOf, ResproutError } from '../../../base/errors/errors.ts';
import type { PackageClasses } from '../../../base/builds/build.ts';
import type { Recorder } from '../../../base/recorder.ts';
import { keyedHash } from '../../../platform/keyed-hash.ts';
import { realClock } from '../../../platform/time/clock.ts';
import { createDisk } from '../../../platform/disk/disk.ts';
import { importUrl } from '../../../platform/process/program-process.ts';
import { decodeValue } from '../../../wire/values/value-decode.ts';
import { HANDLE } from '../../../wire/frames/handles.ts';
import { parseLateFiles } from '../../../base/builds/build-parse.ts';
import { RESUMABLE_VERSION, type JournalEvent, type StartEvent } from '../../journal/events/event.ts';
import type { StartMessage } from '../../journal/runner/runner-messages.ts';
import type { Profile } from '../../replay/profiles/profiles.ts';
import type { Realm } from '../../replay/session/realm.ts';
import type { Session } from '../../replay/session/session-api.ts';
import type { SessionOptions } from '../../replay/session/session-options.ts';
import type { SessionObserver } from '../../replay/session/session-report.ts';
import type { SessionSink } from '../../replay/session/session-sink.ts';
import { createSession } from '../../replay/session/session.ts';
import { setUserRequire } from '../globals/index.ts';
import { attachProcess, isOutputFull, sessionEnv, standardInput } from '../process/index.ts';
import type { BrokerClient } from '../channels/broker-client.ts';
import { fileHandlesReady } from '../edge/fs/index.ts';
import { lateBuiltins, needLateFor } from '../edge/late.ts';
import { watchBuiltin, watchPackages } from '../edge/packages/tripwire.ts';
import {
  BuildReader,
  Compiler,
  loadGraph,
  openBuild,
  showOriginalTexts,
  type Loaders,
  type ModuleGraph,
  type OriginalText,
  type RunnerBuild,
  SessionModules,
} from '../instances/index.ts';
import { loadOwnEntry } from './own-entries.ts';
import { createRecorder } from './recorder.ts';
import { diskOutside } from './disk-outside.ts';
import { inTurn } from './in-turn.ts';
import { requireOutside } from './require-outside.ts';

export interface ProgramOptions {
  readonly start: StartMessage;
  readonly history: readonly JournalEvent[];
  readonly realm: Realm;
  readonly broker: BrokerClient;
  readonly sink: SessionSink;
  readonly turn: SessionOptions['turn'];
  readonly observer: SessionObserver;
  /** Called once, before the program does anything that is not in its history. */
  onLive(): void;
  onParkedInSync(): void;
  /** The program reads from the terminal, or does not any more. */
  onTerminal(state: { readonly isOpen: boolean; readonly isRaw: boolean }): void;
  onSyncEffect(fn: string | undefined): void;
  /** A file of the build cannot be read. The program goes no further. */
  onUnreadable(error: unknown): never;
}

/** A program that is ready to run. */
export interface Program {
  readonly session: Session;
  /** There is no entry: the modules are the program. */
  readonly isScript: boolean;
  /** Loads the program's modules in the session and calls its entry. */
  main(): Promise<unknown>;
}

/** Loads the build and makes the session. Nothing of the program runs. @throws ResproutError BUILD_FILE_MISSING, JOURNAL_CORRUPT */
export async function loadProgram(options: ProgramOptions): Promise<Program> {
  const { start, history, realm } = options;
  const [first] = history;
  if (first?.t !== 'start') throw new ResproutError('JOURNAL_CORRUPT', `the history of ${start.session} does not begin with a start event`);
  if (first.version < RESUMABLE_VERSION)
    throw new ResproutError(
      'JOURNAL_VERSION_OLD',
      `the journal of ${start.session} is of version ${first.version}, and ${RESUMABLE_VERSION} is needed to go on with it`,
      {
        tried: `to go on with ${start.session}`,
        saw: `version ${first.version}`,
        kept: 'The journal is unchanged, and resprout show reads it',
      },
    );
  const disk = diskOutside(
    createDisk(),
    (run) => realm.context.run(undefined, run),
    (error) => options.onUnreadable(error),
  );
  const build = openBuild(new BuildReader({ folder: start.buildsFolder, disk }), start.build);
  usePackages(realm, build.packages);
  await fileHandlesReady();
  const own = new Map<string, object>();
  for (const target of build.targets()) await addOwn(own, target, options);
  let modules: SessionModules | undefined;
  const session = createSession({
    id: start.session,
    start: { ...first, build: start.build },
    history,
    sink: options.sink,
    realm,
    turn: options.turn,
    clock: realClock,
    sites: build,
    env: sessionEnv(start.env),
    folder: start.folder,
    secretHash: (text) => keyedHash(start.secretKey, text),
    strict: start.strict,
    repeatUnknown: start.repeatUnknown,
    isOtherBuild: start.build !== recordedBuild(history, first.build),
    classNamed: (name, file) => modules?.classNamed(name, file),
    observer: options.observer,
    onLive: () => options.onLive(),
    isOutputFull,
    onParkedInSync: () => options.onParkedInSync(),
    onSyncEffect: (fn) => options.onSyncEffect(fn),
  });
  // Packages load before the program begins, and see nothing of when and where.
  const loading: Loaders['loading'] = (target, run) => session.load(target, run);
  const graph = await loadGraph(build, loaders(options, own, loading));
  showOriginalTexts((key) => originalText(build, key));
  const classNamed = (name: string, file?: string): unknown => modules?.classNamed(name, file);
  const recorder = createRecorder({ session, realm, build, classNamed });
  session.recorder = recorder;
  attachProcess(session, { stdin: standardInput, onTerminal: (state) => options.onTerminal(state) });
  ofProgram.resolve({ recorder, classNamed });
  const isScript = start.exportName === '';
  return {
    session,
    isScript,
    async main() {
      // There before anything is loaded: a top-level await may already get an error whose class a file defines.
      const made = new SessionModules(graph, session.hook, { isScript });
      modules = made;
      setUserRequire(session, (file) => made.requireOf(file));
      if (isScript) return await made.runBody((run) => inTurn(session, run));
      return await callEntry(await made.namespace(build.manifest.entry), start, first, graph);
    },
  };
}

/** Takes over how the packages of a build are treated, before any of them is loaded. */
function usePackages(realm: Realm, packages: PackageClasses): void {
  const entries = Object.entries(packages);
  if (entries.length === 0) return;
  // Which builtins they use nobody knows.
  lateBuiltins();
  watchPackages(realm);
  realm.profiles.add(
    Object.fromEntries(entries.map(([name, { treat }]): [string, Profile] => [name, treat === 'inline' ? 'inline' : 'boundary'])),
  );
}

/** The build that the history was recorded with, the last one when it was switched. */
function recordedBuild(history: readonly JournalEvent[], first: string): string {
  const switched = history.findLast((event) => event.t === 'build');
  return switched?.t === 'build' ? switched.build : first;
}

/** What `toString` of a function of the build shows. A text that is gone from the store is no reason to fail: the emitted one is shown. */
function originalText({ reader }: RunnerBuild, key: string): OriginalText | undefined {
  try {
    return { text: reader.shownText(key), shown: reader.facts(key).form.shown };
  } catch (error) {
    if (codeOf(error) !== 'BUILD_FILE_MISSING') throw error;
    return undefined;
  }
}

function loaders(options: ProgramOptions, own: Map<string, object>, loading: Loaders['loading']): Loaders {
  const { realm, broker } = options;
  return {
    compiler: new Compiler(true, needLateFor),
    own,
    importUrl,
    requireFrom: (file) => requireOutside(file, (run) => realm.context.run(undefined, run)),
    loading,
    async late(from, specifier, importKind) {
      const answer = await broker.ask(HANDLE.LATE_MODULE, { from, specifier, importKind });
      const files = parseLateFiles(answer);
      usePackages(realm, files.packages);
      for (const targets of Object.values(files.resolution))
        for (const target of Object.values(targets)) await addOwn(own, target, options);
      await addOwn(own, files.target, options);
      return files;
    },
    imported(specifier, target, value) {
      watchBuiltin(realm, target);
      realm.registerModule(specifier, target, value);
    },
  };
}

/** Entries from which contexts are opened: their host is the broker thread, set before the program sees them. */
const OPENERS: ReadonlySet<string> = new Set(['resprout', 'resprout/remote']);

async function addOwn(own: Map<string, object>, target: string, { broker }: ProgramOptions): Promise<void> {
  const name = target.startsWith('own:') ? target.slice('own:'.length) : undefined;
  if (name === undefined || own.has(name)) return;
  const namespace = await loadOwnEntry(name);
  if (namespace === undefined) return;
  own.set(name, namespace);
  if (!OPENERS.has(name) || isHostSet) return;
  isHostSet = true;
  const { activityCalls, contextId, portHost, setHost, setPlainCalls } = await import('../contexts/main-host.ts');
  setHost(portHost(broker.serveContexts(), contextId(0)));
  setPlainCalls(async () => {
    const { recorder, classNamed } = await ofProgram.promise;
    return activityCalls(recorder, classNamed);
  });
}

let isHostSet = false;
/** There once the session is made; the entries of this package are loaded before. */
const ofProgram = deferred<{ readonly recorder: Recorder; readonly classNamed: (name: string) => unknown }>();

/** The program's one argument. */
function entryEvent(start: StartEvent): object {
  return { type: 'run', id: `${start.session}/start`, sessionId: start.session, source: 'command line', data: decodeValue(start.data) };
}

/** A method of the object that a CommonJS file exports has no name of its own in its namespace. */
function entryFunction(entry: object, exportName: string): unknown {
  if (Reflect.has(entry, exportName)) return Reflect.get(entry, exportName);
  const whole: unknown = Reflect.get(entry, 'default');
  return typeof whole === 'object' && whole !== null ? Reflect.get(whole, exportName) : undefined;
}

async function callEntry(entry: object, { exportName }: StartMessage, start: StartEvent, graph: ModuleGraph): Promise<unknown> {
  const fn = entryFunction(entry, exportName);
  if (typeof fn !== 'function') {
    const path = graph.module(graph.build.manifest.entry)?.facts.table.path ?? graph.build.manifest.entry;
    throw new ResproutError('RUN_EXPORT_MISSING', `${exportName} of ${path} is no function`, {
      tried: `call ${exportName} of ${path}`,
      saw: fn === undefined ? 'undefined' : `a value of type ${typeof fn}`,
      do: 'Name an export that is a function',
    });
  }
  const result: unknown = await Reflect.apply(fn, undefined, [entryEvent(start)]);
  return result;
}
