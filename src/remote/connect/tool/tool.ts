import { deferred } from '../../../base/deferred.ts';
import { ResproutError, toError } from '../../../base/errors/errors.ts';
import type { ExitReport } from '../../../base/seams/spawner.ts';
import { streamsLink } from '../../../platform/links/link-streams.ts';
import { startProcess, type StartedProcess } from '../../../platform/process/spawner.ts';
import type { Question } from '../questions/ask.ts';
import { askFolder, sweepAskFolders } from '../askpass/folder.ts';
import { openAskServer, type AskServer } from '../askpass/server.ts';
import { byteSource, readablePipe, writablePipe } from './byte-source.ts';
import { connectLimitMs, Deadline } from '../deadline.ts';
import { inheritedEnv } from './environment.ts';
import { endTool } from './end-tool.ts';
import { farCommand } from '../start/far-command.ts';
import { SHELL_PROOF_HEAD } from '../start/first-stage.ts';
import { LastWords } from './last-words.ts';
import { MarkerScanner, type MarkerLine } from '../start/marker.ts';
import type { Dialled, DialRequest } from '../method.ts';
import { nodeError } from '../start/node-error.ts';
import { isNewEnough, parseNodeVersion } from '../start/node-version.ts';
import { Questions } from '../questions/questions.ts';
import { visible } from './visible.ts';
import { within } from './within.ts';

/** How a tool ended before the far side had spoken. */
export interface ToolEnd {
  readonly exit: ExitReport;
  readonly words: readonly string[];
  /** A question that was refused, after which the tool went on. */
  readonly refused: Question | undefined;
  /** The error for that question. */
  readonly needed: ResproutError | undefined;
}

/** A tool that runs one command on the far side, with stdin and stdout as the way there: ssh, and others after it. */
export interface ToolPlan {
  readonly file: string;
  /** Its arguments, given the command line. */
  readonly args: (command: string) => readonly string[];
  /** For messages: `ssh deploy@web-3`, and who asks: `deploy@web-3`. */
  readonly tried: string;
  readonly target: string;
  readonly hostKey?: string | undefined;
  readonly givesBareTexts: boolean;
  /** The error for its end. */
  readonly explain: (end: ToolEnd) => ResproutError;
}

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
    this.#words = new LastWords(request.onLine);
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
        return await this.#start(askServer.env);
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
    const { givesBareTexts, tried } = this.#plan;
    try {
      return await openAskServer({ random, env, givesBareTexts, reply: (asked) => this.#questions.reply(asked) });
    } catch (error) {
      const { message } = toError(error);
      const fields = { tried, saw: message, do: 'Set XDG_RUNTIME_DIR or TMPDIR to a folder that can be written' };
      throw new ResproutError('REMOTE_CONNECT_FAILED', `There is no place for the questions of ${tried}: ${message}`, fields, {
        cause: error,
      });
    }
  }

  async #start(askEnv: Readonly<Record<string, string>>): Promise<Dialled> {
    const { recipe, boot, seams } = this.#request;
    const mark = `m${Buffer.from(seams.random.bytes(8)).toString('hex')}`;
    const command = farCommand(mark, boot.length, recipe.node);
    const child = await this.#spawn(this.#plan.args(command), { ...inheritedEnv(seams.env), ...askEnv });
    const stderrEnded = this.#words.read(byteSource(readablePipe(child.pipes[2])), 'transport');
    const exited = child.exited.then(async (report) => {
      await within(stderrEnded, LAST_WORDS_MS, seams.clock);
      return report;
    });
    const kill = (): Promise<void> => endTool(child, seams.clock);
    try {
      writablePipe(child.pipes[0]).write(SHELL_PROOF_HEAD);
      writablePipe(child.pipes[0]).write(boot);
      const line = await Promise.race([this.#marker(child, mark), this.#ended(child, exited), this.#failed.promise]);
      return this.#dialled(child, nodeOf(line, this.#plan, recipe.node !== undefined), exited, kill);
    } catch (error) {
      await kill();
      throw error;
    }
  }

  async #spawn(args: readonly string[], env: Record<string, string>): Promise<StartedProcess> {
    const { file, tried } = this.#plan;
    try {
      return await startProcess({ file, args, env, stdio: ['pipe', 'pipe', 'pipe'] });
    } catch (error) {
      const { message } = toError(error);
      throw new ResproutError(
        'REMOTE_CONNECT_FAILED',
        `The program ${file} cannot be started: ${message}`,
        { tried, saw: message },
        { cause: error },
      );
    }
  }

  /** Reads stdout up to the marker line; what follows goes back into the stream. */
  #marker(child: StartedProcess, mark: string): Promise<MarkerLine> {
    const stdout = readablePipe(child.pipes[1]);
    const scanner = new MarkerScanner(mark);
    const noise = this.#words.cutter('stdout');
    return new Promise((resolve) => {
      const onData = (piece: Uint8Array): void => {
        const scanned = scanner.push(piece);
        noise.push(scanned.noise);
        if (scanned.line === undefined) return;
        noise.flush();
        stdout.off('data', onData);
        stdout.pause();
        if (scanned.rest !== undefined && scanned.rest.length > 0) stdout.unshift(scanned.rest);
        resolve(scanned.line);
      };
      stdout.on('data', onData);
      stdout.once('end', () => {
        noise.push(scanner.end());
        noise.flush();
      });
    });
  }

  async #ended(child: StartedProcess, exited: Promise<ExitReport>): Promise<never> {
    const stdoutEnded = new Promise<void>((resolve) => readablePipe(child.pipes[1]).once('close', resolve));
    const exit = await exited;
    // A marker that says why may be among the last bytes.
    await within(stdoutEnded, LAST_WORDS_MS, this.#request.seams.clock);
    const { refused } = this.#questions;
    const needed = refused === undefined ? undefined : this.#questions.needed(refused);
    throw this.#plan.explain({ exit, words: this.#words.lines(), refused, needed });
  }

  #dialled(child: StartedProcess, node: Dialled['node'], exited: Promise<ExitReport>, kill: () => Promise<void>): Dialled {
    const link = streamsLink(this.#request.recipe.name, readablePipe(child.pipes[1]), writablePipe(child.pipes[0]));
    return {
      link,
      node,
      pid: child.pid,
      exited,
      remainingMs: this.#deadline.remainingMs,
      lastWords: () => this.#words.lines(),
      unref: () => child.unref(),
      kill: async () => {
        link.close();
        await kill();
      },
    };
  }
}

/** Opens a context through a tool. @throws ResproutError as `dial`; whatever was started is gone then */
export async function dialByTool(plan: ToolPlan, request: DialRequest): Promise<Dialled> {
  request.signal.throwIfAborted();
  return await new Attempt(plan, request).run();
}
