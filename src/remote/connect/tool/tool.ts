import { deferred } from '../../../base/deferred.ts';
import { ResproutError, toError } from '../../../base/errors/errors.ts';
import type { ExitReport } from '../../../base/seams/spawner.ts';
import { streamsLink } from '../../../platform/links/link-streams.ts';
import type { StartedProcess } from '../../../platform/process/spawner.ts';
import { askFolder, sweepAskFolders } from '../askpass/folder.ts';
import { openAskServer, type AskServer } from '../askpass/server.ts';
import { byteSource, readablePipe, writablePipe } from './byte-source.ts';
import { connectLimitMs, Deadline } from '../deadline.ts';
import { inheritedEnv } from '../../../platform/process/inherited-env.ts';
import { endTool } from './end-tool.ts';
import { farWords } from '../start/far-command.ts';
import { SHELL_PROOF_HEAD } from '../start/first-stage.ts';
import { LastWords } from './last-words.ts';
import { FarLines } from './far-lines.ts';
import type { MarkerLine } from '../start/marker.ts';
import type { Dialled, DialRequest } from '../method.ts';
import type { PushStep } from '../push/push-step.ts';
import { nodeError } from '../start/node-error.ts';
import { isNewEnough, parseNodeVersion } from '../start/node-version.ts';
import { Questions } from '../questions/questions.ts';
import { startTool, terminalFor } from './start-tool.ts';
import { takeNode } from './take-node.ts';
import type { Terminal } from './terminal.ts';
import type { ToolPlan } from './tool-plan.ts';
import { TypedQuestions } from './typed-questions.ts';
import { visible } from './visible.ts';
import { within } from './within.ts';

/** How long after the end of the tool its last lines are waited for: a process that it left behind may hold the pipe. */
const LAST_WORDS_MS = 300;

function timeoutError(plan: ToolPlan, limitMs: number, words: readonly string[]): ResproutError {
  const last = words.at(-1);
  const saw = last === undefined ? 'nothing was said' : `the last line was "${visible(last)}"`;
  return new ResproutError('REMOTE_CONNECT_TIMEOUT', `${plan.tried} did not open within ${limitMs / 1000} s; ${saw}`, {
    tried: plan.tried,
    saw,
  });
}

/** The checked Node of a marker line. @throws ResproutError REMOTE_NODE_MISSING, REMOTE_NODE_TOO_OLD */
function nodeOf(line: MarkerLine, plan: ToolPlan, isNamed: boolean): Dialled['node'] {
  if (line.found === 'not yet') throw new ResproutError('REMOTE_CONNECT_FAILED', `${plan.tried} speaks of a Node that nobody puts there`);
  if (!line.found) throw nodeError(plan.tried, line.candidates, line.system, isNamed);
  const version = parseNodeVersion(line.version);
  const candidate = { path: line.path, version: line.version, isBroken: version === undefined };
  if (version === undefined || !isNewEnough(version)) throw nodeError(plan.tried, [candidate], '', isNamed);
  return { path: line.path, version };
}

/** One attempt to open a context through a tool. Used once. */
class Attempt {
  readonly #plan: ToolPlan;
  readonly #request: DialRequest;
  readonly #words: LastWords;
  readonly #deadline: Deadline;
  readonly #limitMs: number;
  /** Aborts when the connect is over, well or not. */
  readonly #over = new AbortController();
  readonly #questions: Questions;
  readonly #failed = deferred<never>();

  constructor(plan: ToolPlan, request: DialRequest) {
    this.#plan = plan;
    this.#request = request;
    this.#words = new LastWords(request.onLine, plan.plainWord);
    this.#limitMs = connectLimitMs(request);
    this.#failed.promise.catch(() => {});
    const fail = this.#failed.reject;
    const { clock } = request.seams;
    this.#deadline = new Deadline(clock, this.#limitMs, () => fail(timeoutError(plan, this.#limitMs, this.#words.lines())));
    this.#questions = new Questions({
      ask: request.ask,
      tried: plan.tried,
      target: plan.target,
      hostKey: plan.hostKey,
      clock,
      deadline: this.#deadline,
      fail,
      notice: (text) => request.onLine({ stream: 'transport', text: text.slice(0, 8192) }),
      signal: this.#over.signal,
    });
  }

  async run(): Promise<Dialled> {
    const { signal, seams } = this.#request;
    const onAbort = (): void => this.#failed.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const swept = sweepAskFolders(askFolder(seams.env), seams.clock.wallMs());
    try {
      const askServer = await this.#openAskServer();
      try {
        return await this.#start(askServer);
      } finally {
        this.#over.abort();
        askServer.close();
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#deadline.clear();
      await swept;
    }
  }

  async #openAskServer(): Promise<AskServer> {
    const { random, env } = this.#request.seams;
    const { asks, givesBareTexts = false, tried } = this.#plan;
    if (asks !== 'ssh' && asks !== 'sudo') return { env: {}, close: () => {} };
    try {
      return await openAskServer({ random, env, asker: asks, givesBareTexts, reply: (asked) => this.#questions.reply(asked) });
    } catch (error) {
      const { message } = toError(error);
      const fields = { tried, saw: message, do: 'Set XDG_RUNTIME_DIR or TMPDIR to a folder that can be written' };
      throw new ResproutError('REMOTE_CONNECT_FAILED', `There is no place for the questions of ${tried}: ${message}`, fields, {
        cause: error,
      });
    }
  }

  async #start(askServer: AskServer): Promise<Dialled> {
    const { recipe, boot, push, seams } = this.#request;
    const mark = `m${Buffer.from(seams.random.bytes(8)).toString('hex')}`;
    const terminal = terminalFor(this.#plan, seams.clock);
    const args = this.#plan.args(farWords(mark, boot.length, recipe.node, push !== undefined));
    const child = await startTool(this.#plan, args, { ...inheritedEnv(seams.env), ...askServer.env }, terminal);
    const typed = this.#typedQuestions(child, terminal);
    const tap = this.#plan.asks === 'stderr' ? (bytes: Uint8Array): void => typed?.push(bytes) : undefined;
    const stderrEnded = this.#words.read(byteSource(readablePipe(child.pipes[2])), 'transport', tap);
    const exited = child.exited.then(async (report) => {
      terminal?.close();
      await within(stderrEnded, LAST_WORDS_MS, seams.clock);
      return report;
    });
    const kill = async (): Promise<void> => {
      terminal?.close();
      await endTool(child, seams.clock);
    };
    const sendBoot = (): void => {
      writablePipe(child.pipes[0]).write(SHELL_PROOF_HEAD);
      writablePipe(child.pipes[0]).write(boot);
    };
    try {
      // A tool that reads answers from its stdin would take the core for one, and a shell that waits for a Node would run it.
      const isLate = typed !== undefined || this.#plan.asks === 'unanswered' || push !== undefined;
      if (!isLate) sendBoot();
      const lines = new FarLines(readablePipe(child.pipes[1]), mark, this.#words.cutter('stdout'));
      const cutShort = Promise.race([this.#ended(child, exited), this.#failed.promise]);
      cutShort.catch(() => {});
      const first = await Promise.race([lines.next(), cutShort]);
      typed?.stop();
      const line =
        first.found === true || push === undefined ? first : await Promise.race([this.#take(first, lines, child, push), cutShort]);
      const node = nodeOf(line, this.#plan, recipe.node !== undefined);
      if (isLate) sendBoot();
      return this.#dialled(child, node, exited, kill);
    } catch (error) {
      typed?.stop();
      const killed = kill();
      // A tool that runs as another user takes no signal of ours: it ends when nobody answers, and what it started with its stdin. One that
      // reads its answer there would take an end for a wrong one: a signal comes first, which it takes before it is that user.
      askServer.close();
      if (this.#plan.asks !== 'stderr' && this.#plan.asks !== 'unanswered') writablePipe(child.pipes[0]).destroy();
      await killed;
      writablePipe(child.pipes[0]).destroy();
      throw error;
    } finally {
      typed?.stop();
      terminal?.quiet();
    }
  }

  #typedQuestions(child: StartedProcess, terminal: Terminal | undefined): TypedQuestions | undefined {
    const { asks, prefix = '' } = this.#plan;
    if (asks !== 'stderr' && asks !== 'terminal') return undefined;
    const type = (line: string): void => {
      if (terminal === undefined) writablePipe(child.pipes[0]).write(line);
      else terminal.type(line);
    };
    const typed = new TypedQuestions({
      clock: this.#request.seams.clock,
      questions: this.#questions,
      prefix,
      type,
      fail: this.#failed.reject,
    });
    terminal?.read((bytes) => typed.push(bytes));
    return typed;
  }

  #take(first: MarkerLine, lines: FarLines, child: StartedProcess, push: PushStep): Promise<MarkerLine> {
    const { seams } = this.#request;
    const stdin = writablePipe(child.pipes[0]);
    const { tried } = this.#plan;
    return takeNode(first, { tried, lines, stdin, push, clock: seams.clock, deadline: this.#deadline, signal: this.#over.signal });
  }

  async #ended(child: StartedProcess, exited: Promise<ExitReport>): Promise<never> {
    const stdoutEnded = new Promise<void>((resolve) => readablePipe(child.pipes[1]).once('close', resolve));
    const exit = await exited;
    // A marker that says why may be among the last bytes.
    await within(stdoutEnded, LAST_WORDS_MS, this.#request.seams.clock);
    const { refused, wasAnswered } = this.#questions;
    const needed = refused === undefined ? undefined : this.#questions.needed(refused);
    throw this.#plan.explain({ exit, words: this.#words.lines(), wasAnswered, needed });
  }

  #dialled(child: StartedProcess, node: Dialled['node'], exited: Promise<ExitReport>, kill: () => Promise<void>): Dialled {
    const link = streamsLink(this.#request.recipe.name, readablePipe(child.pipes[1]), writablePipe(child.pipes[0]));
    const end = async (): Promise<void> => {
      link.close();
      await kill();
    };
    return {
      link,
      node,
      pid: child.pid,
      exited,
      remainingMs: this.#deadline.remainingMs,
      lastWords: () => this.#words.lines(),
      unref: () => child.unref(),
      kill: end,
      leaving: this.#plan.isElsewhere === true ? { outputs: [], done: end } : undefined,
    };
  }
}

/** Opens a context through a tool. @throws ResproutError as `dial`; whatever was started is gone then */
export async function dialByTool(plan: ToolPlan, request: DialRequest): Promise<Dialled> {
  request.signal.throwIfAborted();
  return await new Attempt(plan, request).run();
}
