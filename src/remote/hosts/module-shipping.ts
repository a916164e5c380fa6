// Sends modules to contexts that this process opened: a closure before the call that needs it, late ones on request. What a context has
// is kept per build, so that a file is sent once.
import type { ContextId } from '../../base/brand.ts';
import type { ModuleBatch, ModuleRequest, ModuleServer } from '../../base/builds/build.ts';
import { ResproutError, toError } from '../../base/errors/errors.ts';
import { HANDLE } from '../../wire/frames/handles.ts';
import { LIMITS } from '../../wire/limits.ts';
import { encodeToBytes } from '../../wire/values/value-encode.ts';
import type { Message } from '../child/core/messages/messages.ts';
import { parseNeed } from '../child/core/messages/parse.ts';
import type { Router } from '../child/core/routing/router.ts';

/** A file whose closure a call needs. */
export interface Ships {
  readonly build: string;
  readonly file: string;
}

/** Modules of one far context. */
export class ModuleShipping {
  readonly #router: Router;
  readonly #id: ContextId;
  readonly #server: ModuleServer;
  readonly #more: readonly string[] | undefined;
  readonly #sent = new Map<string, Set<string>>();
  readonly #roots = new Set<string>();
  readonly #gone = new AbortController();
  #tail: Promise<void> = Promise.resolve();
  #sentBytes = 0;
  #late = 0;
  #pending = 0;

  /** @param serve patterns of files that this context may load besides those of the program */
  constructor(router: Router, id: ContextId, server: ModuleServer, serve?: readonly string[]) {
    this.#router = router;
    this.#id = id;
    this.#server = server;
    this.#more = serve;
  }

  /** Sends the message behind the closure that it needs, in the order of these calls. */
  send(message: Omit<Message, 'src'>, ships: Ships | undefined): void {
    const isThere = ships === undefined || this.#roots.has(`${ships.build}${ships.file}`);
    if (isThere && this.#pending === 0) {
      this.#router.send(message);
      return;
    }
    this.#pending++;
    this.#tail = this.#after(this.#tail, message, ships);
  }

  /** Resolves when everything that was sent so far has left. */
  async settled(): Promise<void> {
    await this.#tail;
  }

  /** The context is gone. */
  end(): void {
    this.#gone.abort(new ResproutError('REMOTE_LOST', 'the context is gone'));
  }

  async #after(before: Promise<void>, message: Omit<Message, 'src'>, ships: Ships | undefined): Promise<void> {
    await before;
    try {
      if (ships !== undefined && !this.#roots.has(`${ships.build}${ships.file}`)) await this.#ship(ships);
      this.#router.send(message);
    } catch (error) {
      // The caller waits at its mailbox: it gets the refusal as the answer.
      const answer = encodeToBytes({ ok: false, bytes: encodeToBytes(toError(error)) });
      this.#refused(message, answer);
    } finally {
      this.#pending--;
    }
  }

  /** Set by the owner: told of each file that leaves since the context asked for it late. */
  onLate: ((file: string, from: string) => void) | undefined;

  /** Set by the owner: where answers for callers of this process go. */
  onRefused: ((handle: number, payload: Uint8Array) => void) | undefined;

  #refused(message: Omit<Message, 'src'>, payload: Uint8Array): void {
    if (message.replyTo !== 0) this.onRefused?.(message.replyTo, payload);
  }

  async #ship({ build, file }: Ships): Promise<void> {
    const batch = await this.#fetch({ kind: 'root', build, file });
    this.#router.send({ dst: this.#id, handle: HANDLE.LOAD_MODULE, replyTo: 0, payload: encodeToBytes({ batch }, MODULE_LIMITS) });
    this.#roots.add(`${build}${file}`);
  }

  async #fetch(request: ModuleRequest): Promise<ModuleBatch> {
    let have = this.#sent.get(request.build);
    if (have === undefined) this.#sent.set(request.build, (have = new Set()));
    const batch = await this.#server.serve(request, have, this.#gone.signal);
    this.#gone.signal.throwIfAborted();
    for (const file of batch.files) {
      have.add(file.path);
      this.#sentBytes += file.text.length;
    }
    this.#sentBytes += batch.data?.bytes.length ?? 0;
    if (this.#sentBytes > LIMITS.moduleBytesPerContext) {
      const saw = `${this.#sentBytes} bytes of module text, ${LIMITS.moduleBytesPerContext} are allowed`;
      throw new ResproutError('REMOTE_MODULE_DENIED', `the modules for this context are too large: ${saw}`, { saw });
    }
    return batch;
  }

  /** GET_MODULE from the context: importer and specifier, nothing else. */
  async late(message: Message): Promise<void> {
    let answer: Uint8Array;
    try {
      if (++this.#late > LIMITS.lateModules) throw new ResproutError('WIRE_LIMIT', `more than ${LIMITS.lateModules} late modules`);
      const request = parseNeed(message.payload);
      if (this.#sent.get(request.build)?.has(request.from) !== true)
        throw new ResproutError('REMOTE_MODULE_DENIED', `${request.from} was not sent to this context`);
      const batch = await this.#fetch({ ...request, serve: this.#more });
      for (const { path } of [...batch.files, ...(batch.data === undefined ? [] : [batch.data])]) this.onLate?.(path, request.from);
      answer = encodeToBytes({ batch }, MODULE_LIMITS);
    } catch (error) {
      answer = encodeToBytes({ error: encodeToBytes(toError(error)) });
    }
    if (!this.#gone.signal.aborted) this.#router.answer({ dst: message.src, handle: message.replyTo, replyTo: 0, payload: answer });
  }
}

const MODULE_LIMITS = { limits: { nodes: 1_000_000, depth: 16 } };
