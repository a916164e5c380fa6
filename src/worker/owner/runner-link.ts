// The owner's end of the link to the runner's broker thread (fd 3). The broker asks for modules and answers, tells of lines and of parking.
// The session is that of the link, never what a message says; a build that a message names must be one of that session's.
import { ResproutError } from '../../base/errors/errors.ts';
import type { LogSink } from '../../base/seams/log.ts';
import { valueFrame } from '../../durable/journal/runner/runner-frames.ts';
import {
  parseAsk,
  parseFarModuleRequest,
  parseLateRequest,
  parseLogLine,
  parseParked,
  plainError,
  type AskRequest,
  type FarModuleRequest,
  type LateRequest,
  type ParkedMessage,
} from '../../durable/journal/runner/runner-messages.ts';
import type { ContextState } from '../../base/context-state.ts';
import { parseTree } from '../../durable/journal/runner/context-state.ts';
import { codedError } from '../../platform/system-error.ts';
import type { Frame } from '../../wire/frames/frame.ts';
import { HANDLE } from '../../wire/frames/handles.ts';
import { decodeValue } from '../../wire/values/value-decode.ts';
import { encodeToBytes } from '../../wire/values/value-encode.ts';

/** Who answers what the broker asks. */
export interface LinkService {
  /** Files for a far context. @throws ResproutError of the policy */
  farModules(request: FarModuleRequest, signal: AbortSignal): Promise<unknown>;
  /** Files for a computed import of the session; on disk before the answer. @throws ResproutError */
  lateModule(request: LateRequest): unknown;
  ask(request: AskRequest, signal: AbortSignal): Promise<string | undefined>;
  readonly log: LogSink;
  parked(message: ParkedMessage): void;
}

/** The requests of one runner. */
export class RunnerLink {
  readonly #service: LinkService;
  readonly #send: (frame: Uint8Array) => void;
  readonly #end: AbortController;
  #silentPings = 0;
  readonly #trees = new Map<number, (contexts: readonly ContextState[]) => void>();
  #nextTree = 1;

  constructor(service: LinkService, send: (frame: Uint8Array) => void) {
    this.#service = service;
    this.#send = send;
    this.#end = new AbortController();
  }

  /** Takes a frame. @throws ResproutError when it is none that a runner may send */
  take(frame: Frame): void {
    this.#silentPings = 0;
    const value = frame.payload.length === 0 ? undefined : decodeValue(frame.payload);
    switch (frame.handle) {
      case HANDLE.PING:
        return;
      case HANDLE.LOG:
        this.#service.log(parseLogLine(value));
        return;
      case HANDLE.PARKED:
        this.#service.parked(parseParked(value));
        return;
      case HANDLE.TREE: {
        const { contexts, n } = parseTree(value);
        this.#trees.get(n)?.(contexts);
        this.#trees.delete(n);
        return;
      }
      case HANDLE.GET_MODULE: {
        const request = parseFarModuleRequest(value);
        this.#answer(frame.replyTo, () => this.#service.farModules(request, this.#end.signal));
        return;
      }
      case HANDLE.LATE_MODULE: {
        const request = parseLateRequest(value);
        this.#answer(frame.replyTo, () => Promise.resolve(this.#service.lateModule(request)));
        return;
      }
      case HANDLE.ASK: {
        const request = parseAsk(value);
        this.#answer(frame.replyTo, () => this.#service.ask(request, this.#end.signal));
        return;
      }
      default:
        throw new ResproutError('WIRE_BAD_FRAME', `the runner sent a message of kind ${frame.handle} on its link`, {
          saw: `kind ${frame.handle}`,
        });
    }
  }

  /** Asks the broker to answer. Returns how many questions in a row it has left open. */
  ping(): number {
    this.#send(valueFrame(HANDLE.PING));
    return this.#silentPings++;
  }

  /** The contexts that the session has open; none when the runner ends before it has answered. */
  tree(): Promise<readonly ContextState[]> {
    if (this.#end.signal.aborted) return Promise.resolve([]);
    const n = this.#nextTree++;
    return new Promise((resolve) => {
      this.#trees.set(n, resolve);
      this.tell(HANDLE.TREE, { n });
    });
  }

  /** Sends a request that has no answer. */
  tell(handle: number, value: unknown): void {
    this.#send(valueFrame(handle, encodeToBytes(value)));
  }

  /** The runner is gone or going: what it asked for is given up. */
  close(): void {
    this.#end.abort(new ResproutError('RUNNER_LOST', 'the runner that asked has ended'));
    for (const resolve of this.#trees.values()) resolve([]);
    this.#trees.clear();
  }

  /** Every question gets an answer: `{ value }` or `{ error }`. */
  #answer(replyTo: number, work: () => Promise<unknown>): void {
    const reply = (answer: unknown): void => {
      if (!this.#end.signal.aborted) this.#send(valueFrame(replyTo, encodeToBytes(answer)));
    };
    const run = async (): Promise<void> => {
      try {
        reply({ value: await work() });
      } catch (thrown) {
        reply({ error: plainError(codedError(thrown, [])) });
      }
    };
    void run();
  }
}
