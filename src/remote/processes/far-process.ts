// One far process that this one started: from the dial to its last words. Owns the dialled process; `end` or its own end closes everything.
import type { ContextId } from '../../base/brand.ts';
import type { Clock, TimerHandle } from '../../base/seams/clock.ts';
import { deferred } from '../../base/deferred.ts';
import { ResproutError } from '../../base/errors/errors.ts';
import { HANDLE } from '../../wire/frames/handles.ts';
import { PROTOCOL_VERSION } from '../../wire/frames/version.ts';
import { encodeToBytes } from '../../wire/values/value-encode.ts';
import { LineSplitter } from '../child/core/logs/line-splitter.ts';
import type { Edge } from '../child/core/routing/edge.ts';
import type { ExitingMessage, HelloMessage, SetupMessage } from '../child/core/messages/messages.ts';
import type { Router } from '../child/core/routing/router.ts';
import { type ByteSource, describeRecipe, dial, type Dialled, type DialRequest, type Leaving } from '../connect/index.ts';
import { NOBODY_THERE_CODE } from '../detached/bridge.ts';
import type { FarLog } from './far-log.ts';
import type { LostReport } from '../hosts/host.ts';
import { unopenedError } from './unopened-error.ts';

/** Time between the end of a link and the end of its process. */
const EXIT_MS = 2000;

/** What a far process is started with. */
export interface FarStart {
  readonly id: ContextId;
  readonly dial: Omit<DialRequest, 'onLine'>;
  readonly setup: SetupMessage;
  /** The second part of the core, compressed. */
  readonly secondText: Uint8Array;
  readonly router: Router;
  readonly clock: Clock;
  readonly log: FarLog;
  /** It runs already: what is dialled is a bridge to it. */
  readonly isAttached?: boolean;
  /** The link is given up after so long without a sign of life. */
  readonly deadAfterMs: number;
  /** Called when its frames begin to be routed. */
  readonly onEdge?: () => void;
  /** Called once, when it is gone and all its routes are. */
  readonly onLost: (report: LostReport, gone: readonly ContextId[]) => void;
}

/** A started far process. */
export class FarProcess {
  readonly hello: HelloMessage;
  readonly edge: Edge;
  readonly #dialled: Dialled;

  readonly #startup: FarStartup;

  private constructor(hello: HelloMessage, edge: Edge, dialled: Dialled, startup: FarStartup) {
    this.hello = hello;
    this.edge = edge;
    this.#dialled = dialled;
    this.#startup = startup;
  }

  /** How it can be let go of; undefined when it ends with this process. */
  get leaving(): Leaving | undefined {
    return this.#dialled.leaving;
  }

  /** Lets go of it: it has said that it lives on. */
  async leave(): Promise<void> {
    this.#startup.isDetached = true;
    await this.#dialled.leaving?.done();
  }

  /** Ends it by force. Resolves when it is gone. */
  kill(): Promise<void> {
    return this.#dialled.kill();
  }

  /** Dials, sends SETUP, waits for HELLO. @throws what dial throws, and REMOTE_LOST, REMOTE_CONNECT_FAILED, REMOTE_CONNECT_TIMEOUT, REMOTE_PROTOCOL */
  static async start(start: FarStart, waiting: Map<ContextId, FarStartup>): Promise<FarProcess> {
    const { clock, id, log, router } = start;
    const what = describeRecipe(start.dial.recipe);
    const onLine: DialRequest['onLine'] = (line) => log.add('transport', 'warn', line.text);
    const dialled = await dial({ ...start.dial, onLine });
    const startup = new FarStartup();
    waiting.set(id, startup);
    const edge = router.addChild(dialled.link, id, (reason, gone) => {
      void lastReport(startup, dialled, edge.endedBecause ?? reason, edge.endedBecause !== undefined, start).then((report) => {
        startup.hello.reject(unopened(what, start, report, dialled.lastWords()));
        start.onLost(report, gone);
      });
    });
    start.onEdge?.();
    pipeLines(dialled.stdout, 'stdout', start);
    pipeLines(dialled.stderr, 'stderr', start);
    const timer = clock.after(Math.max(dialled.remainingMs, 1), () => {
      const tried = `open ${what}`;
      const saw = 'the far process started and said nothing';
      startup.hello.reject(new ResproutError('REMOTE_CONNECT_TIMEOUT', `${what} did not answer in time`, { tried, saw }));
    });
    const onAbort = (): void => startup.hello.reject(start.dial.signal.reason);
    start.dial.signal.addEventListener('abort', onAbort, { once: true });
    try {
      if (start.isAttached !== true) {
        router.send({ dst: id, handle: HANDLE.SETUP, replyTo: 0, payload: encodeToBytes(start.setup) });
        router.send({ dst: id, handle: HANDLE.TEXT, replyTo: 0, payload: start.secondText });
      }
      const hello = await startup.hello.promise;
      if (hello.protocol !== PROTOCOL_VERSION) throw new ResproutError('REMOTE_PROTOCOL', `${what} speaks protocol ${hello.protocol}`);
      startup.isOpen = true;
      dialled.unref();
      watch(start, edge, dialled.exited);
      return new FarProcess(hello, edge, dialled, startup);
    } catch (error) {
      await dialled.kill();
      throw error;
    } finally {
      timer.clear();
      start.dial.signal.removeEventListener('abort', onAbort);
    }
  }
}

/** What is told to a far process by its own frames. */
export class FarStartup {
  readonly hello: ReturnType<typeof deferred<HelloMessage>> = deferred<HelloMessage>();
  exiting: ExitingMessage | undefined;
  isClosing = false;
  isDetached = false;
  isOpen = false;

  constructor() {
    // Whoever waits for HELLO sees a rejection; after the opening nobody does.
    this.hello.promise.catch(() => {});
  }
}

function unopened(what: string, { dial: { recipe }, isAttached }: FarStart, report: LostReport, words: readonly string[]): ResproutError {
  if (isAttached !== true || report.exitCode !== NOBODY_THERE_CODE) return unopenedError(what, recipe.method, report, words);
  const saw = 'nobody waits there, or not for this token';
  return new ResproutError('REMOTE_NOT_DETACHED', `${what} is not there to be attached to: ${saw}`, { tried: `attach to ${what}`, saw });
}

function pipeLines(source: ByteSource | undefined, stream: 'stdout' | 'stderr', { log }: FarStart): void {
  if (source === undefined) return;
  const lines = new LineSplitter((line) => log.add(stream, stream === 'stdout' ? 'info' : 'warn', line));
  source.onData((bytes) => lines.push(bytes));
  source.onEnd(() => lines.end());
}

/**
 * Pings from parent to child. A child is given up when nothing came of it, and nothing left towards it, for half the time before and half the time
 * after a ping: on a slow link an answer waits behind what was sent before. Only after our own loop has turned.
 */
function watch({ clock, deadAfterMs, id, router, setup }: FarStart, edge: Edge, exited: Promise<unknown>): void {
  // The far side ends after its lease without a frame: an idle link must not get there.
  const pingMs = Math.min(deadAfterMs / 2, setup.leaseMs / 3);
  let timer: TimerHandle;
  let isEnded = false;
  void exited.then(() => {
    isEnded = true;
    timer.clear();
  });
  const ping = (): void => {
    if (isEnded) return;
    const replyTo = router.open(id, () => router.close(replyTo));
    const { arrivedBytes } = edge;
    const unsentBytes = edge.link.unsentBytes ?? 0;
    router.send({ dst: id, handle: HANDLE.PING, replyTo, payload: new Uint8Array(0) });
    const isAlive = (): boolean => edge.arrivedBytes > arrivedBytes || (edge.link.unsentBytes ?? 0) < unsentBytes;
    timer = clock.after(
      pingMs,
      () => {
        // A loop that stood still gets one more turn to read what lies on the link.
        router.close(replyTo);
        timer = clock.after(0, () => (isAlive() ? ping() : edge.end('it does not answer')), { background: true });
      },
      { background: true },
    );
  };
  timer = clock.after(pingMs, ping, { background: true });
}

/** @param isOurs whether this side ended the link for that reason: then how the process ended after it says less */
async function lastReport(
  startup: FarStartup,
  dialled: Dialled,
  reason: string,
  isOurs: boolean,
  { clock, isAttached, log }: FarStart,
): Promise<LostReport> {
  if (startup.isDetached) {
    log.end();
    return { how: 'detached', reason: 'detached by this program', exitCode: null, signal: null, lastLines: [] };
  }
  const tooLate = new AbortController();
  const first = await Promise.race([dialled.exited, clock.sleep(EXIT_MS, tooLate.signal).catch(() => undefined)]);
  tooLate.abort();
  if (first === undefined) await dialled.kill();
  const { code, signal } = first ?? (await dialled.exited);
  log.end();
  const { exiting } = startup;
  const common = { exitCode: exiting?.code ?? code, signal, lastLines: log.lastLines, error: exiting?.error };
  if (startup.isClosing) return { how: 'closed', reason: 'closed by this program', ...common };
  if (exiting !== undefined) return { how: 'exited', reason: exitText(exiting), ...common };
  // How the bridge ended says nothing of the far process.
  if (isAttached === true && startup.isOpen) return { how: 'lost', ...common, exitCode: null, signal: null, reason };
  return {
    how: 'lost',
    reason: isOurs ? reason : signal !== null ? `killed by ${signal}` : code !== null ? `ended with exit code ${code}` : reason,
    ...common,
  };
}

/** The report of an intermediary with what the opener knows itself: that it closed the context, and its last words. */
export function withLastWords(report: LostReport, startup: FarStartup | undefined): LostReport {
  if (startup?.isClosing === true) return { ...report, how: 'closed', reason: 'closed by this program' };
  const exiting = startup?.exiting;
  if (exiting === undefined) return report;
  return { ...report, how: 'exited', reason: exitText(exiting), exitCode: exiting.code, error: exiting.error };
}

function exitText({ code, why }: ExitingMessage): string {
  if (why === 'exit') return `ended its process with exit code ${code}`;
  return why === 'error' ? 'ended by an uncaught error' : 'ended by an unhandled rejection';
}
