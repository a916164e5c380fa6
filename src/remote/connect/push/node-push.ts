// One push, on the side that has the Node: answers what the far side says. See far-text.ts for that.
import { ResproutError, toError } from '../../../base/errors/errors.ts';
import type { Clock } from '../../../base/seams/clock.ts';
import type { PushNode } from '../recipe.ts';
import { BECOME_AND_REMOVE } from '../start/probe.ts';
import { visible } from '../tool/visible.ts';
import { GO_LINE, lookLine, putLine } from './far-text.ts';
import type { NodeToPush } from './find-node.ts';
import type { PushAnswer, PushStep } from './push-step.ts';
import type { Packing, PushedFile, PushedFiles } from './pushed-file.ts';

const KIB = 1024;
const SPARE_KIB = 1024;
/** Time between two lines that say how far it is. */
const TELL_MS = 1000;
/** A far side that says more is not putting files. */
const MOST_LINES = 100;
/** How long another push of the same is waited for; it says so each second. */
const MOST_WAITS = 600;

export interface NodePushParts {
  readonly push: PushNode;
  /** For messages: `ssh deploy@web-3`. */
  readonly tried: string;
  readonly files: PushedFiles;
  readonly find: (system: string) => Promise<NodeToPush>;
  readonly clock: Clock;
  /** Takes what a person should see while it takes long. */
  readonly notice: (text: string) => void;
}

interface Underway {
  readonly file: PushedFile;
  readonly packedBytes: number;
  at: number;
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
const nothing: PushAnswer = { bytes: new Uint8Array(0), isMore: false, hashBytes: 0 };
const line = (text: string): PushAnswer => ({ bytes: Buffer.from(text), isMore: false, hashBytes: 0 });

/** Answers one far side. */
class NodePush {
  readonly #parts: NodePushParts;
  #node: NodeToPush | undefined;
  #packing: Packing = 'none';
  #queue: PushedFile[] = [];
  #now: Underway | undefined;
  #lines = 0;
  #waits = 0;
  #toldMs = 0;
  #lastAt = 0;

  constructor(parts: NodePushParts) {
    this.#parts = parts;
  }

  answer(told: string): Promise<PushAnswer> | PushAnswer {
    const at = told.indexOf(' ');
    const [verb, rest] = at < 0 ? [told, ''] : [told.slice(0, at), told.slice(at + 1)];
    if (verb === 'more') return this.#part();
    if (verb === 'wait') return this.#wait(rest);
    if ((this.#lines += 1) > MOST_LINES) throw this.#failed('it says more than a push has to say', verb);
    switch (verb) {
      case 'again':
        return this.#again();
      case 'system':
        return this.#look(rest);
      case 'lack':
        return this.#begin(rest);
      case 'got':
        return this.#next();
      case 'back':
        return this.#now === undefined ? nothing : { ...nothing, hashBytes: this.#now.file.bytes };
      case 'hash':
        return this.#compare(rest);
      case 'runs-not':
        return this.#withLibraries(rest);
      case 'no':
        throw this.#failed(
          `there is no place for ${megabytes(this.#neededKib() * KIB)} MB: ${rest === '' ? 'no folder is known' : rest}`,
          rest,
          'Make room in one of them, or mount one without noexec',
        );
      default:
        return this.#bad(rest === '' ? told : rest);
    }
  }

  #failed(why: string, saw: string, cure?: string): ResproutError {
    const { tried } = this.#parts;
    const fields = { tried: `put Node on ${tried}`, saw: visible(saw), kept: 'Nothing of it is left there' };
    return new ResproutError('REMOTE_PUSH_FAILED', `${tried}: ${visible(why)}`, cure === undefined ? fields : { ...fields, do: cure });
  }

  async #look(system: string): Promise<PushAnswer> {
    const { find, push } = this.#parts;
    this.#node = await find(system);
    const { sha256, bytes } = this.#node.node;
    const order = { sha256, bytes, neededKib: this.#neededKib(), inMemory: push.inMemory ?? false };
    return line(lookLine(order, BECOME_AND_REMOVE));
  }

  #neededKib(): number {
    const files = this.#node === undefined ? [] : [this.#node.node, ...this.#node.libraries];
    return Math.ceil(files.reduce((sum, { bytes }) => sum + bytes, 0) / KIB) + SPARE_KIB;
  }

  #wait(process: string): PushAnswer {
    if ((this.#waits += 1) > MOST_WAITS)
      throw this.#failed(`process ${process} there puts the same Node there and does not come to an end`, process);
    if (this.#waits % 10 === 1) this.#parts.notice(`waiting for process ${visible(process, 20)} there, which puts the same Node there`);
    return nothing;
  }

  async #begin(rest: string): Promise<PushAnswer> {
    if (this.#node === undefined) throw this.#failed('it asks for files before it says what it is', rest);
    const [packings = ''] = rest.split(' ');
    this.#packing = packings.includes('zstd') ? 'zstd' : packings.includes('gzip') ? 'gzip' : 'none';
    this.#queue = [this.#node.node];
    return await this.#next();
  }

  /** The line of the next file, its bytes behind it; when there is none, the line that starts what was put. */
  async #next(): Promise<PushAnswer> {
    const { files } = this.#parts;
    const file = this.#queue.shift();
    if (file === undefined) return line(GO_LINE);
    const packedBytes = await files.packedBytes(file, this.#packing);
    this.#toldMs = this.#parts.clock.monotonicMs();
    this.#now = { file, packedBytes, at: 0 };
    return { bytes: Buffer.from(putLine(file, this.#packing, packedBytes)), isMore: true, hashBytes: 0 };
  }

  async #part(): Promise<PushAnswer> {
    const now = this.#now;
    if (now === undefined) return nothing;
    const { clock, files, notice } = this.#parts;
    const bytes = await files.read(now.file, this.#packing, now.at);
    if (bytes.length === 0) throw this.#failed('its file became shorter while it was sent', now.file.name);
    this.#lastAt = now.at;
    now.at += bytes.length;
    const nowMs = clock.monotonicMs();
    if (now.file.name === 'node' && nowMs - this.#toldMs >= TELL_MS) {
      this.#toldMs = nowMs;
      notice(`${this.#node?.name ?? 'Node'} is put there: ${megabytes(now.at)} of ${megabytes(now.packedBytes)} MB`);
    }
    const part = now.file.name === 'node' ? `${now.file.sha256}.${this.#packing} ${now.at}` : undefined;
    return { bytes, isMore: now.at < now.packedBytes, hashBytes: 0, part };
  }

  /** The last part once more. */
  #again(): Promise<PushAnswer> | PushAnswer {
    if (this.#now !== undefined) this.#now.at = this.#lastAt;
    return this.#part();
  }

  /** Where nothing hashes there, it is done here; the far shell compares too. */
  async #compare(sha256: string): Promise<PushAnswer> {
    if (this.#now !== undefined && sha256 !== this.#now.file.sha256)
      throw await this.#wrong(`${this.#now.file.name} is not what was sent: its SHA-256 is ${sha256}`);
    return line(`${sha256}\n`);
  }

  async #withLibraries(why: string): Promise<PushAnswer> {
    const node = this.#node;
    const isTried = this.#now?.file.name !== 'node';
    if (node === undefined || isTried || node.libraries.length === 0)
      throw new ResproutError('REMOTE_PUSH_IMPOSSIBLE', `${node?.name ?? 'Node'} does not run on ${this.#parts.tried}: ${visible(why)}`, {
        tried: `put Node on ${this.#parts.tried}`,
        saw: visible(why),
        kept: 'Nothing of it is left there',
        do: isTried
          ? 'Install Node 22.18 or newer there'
          : 'Name a file of Node that runs there, such as one built for its libc: pushNode: { file }',
      });
    this.#parts.notice(`${node.name} does not run there with what the system has (${visible(why, 200)}): its libraries are put beside it`);
    this.#queue = [...node.libraries];
    return await this.#next();
  }

  async #bad(why: string): Promise<never> {
    throw await this.#wrong(why);
  }

  async #wrong(why: string): Promise<ResproutError> {
    // What lies in the cache here may be what is wrong.
    if (this.#now !== undefined && why.includes('SHA-256')) await this.#parts.files.forget(this.#now.file, this.#packing);
    const isFull = /No space left|quota exceeded|Disk full/i.test(why);
    return this.#failed(`the file did not arrive whole: ${why}`, why, isFull ? "Make room there, or use pushNode: 'memory'" : undefined);
  }
}

/** What an error of this side is for the user: one of the disk, or one of ours. */
function coded(error: unknown, tried: string): ResproutError {
  if (error instanceof ResproutError) return error;
  const { message } = toError(error);
  const fields = { tried: `put Node on ${tried}`, saw: message, kept: 'Nothing of it is left there' };
  return new ResproutError('REMOTE_PUSH_FAILED', `The Node for ${tried} cannot be read or packed here: ${message}`, fields, {
    cause: error,
  });
}

/** Makes the answers of one push: one at a time, and none after one that failed. An intermediary may be hostile. */
export function nodePush(parts: NodePushParts): PushStep {
  const push = new NodePush(parts);
  let isBusy = false;
  let failure: ResproutError | undefined;
  return async (told, signal) => {
    signal.throwIfAborted();
    if (isBusy) failure ??= new ResproutError('REMOTE_PUSH_FAILED', `${parts.tried} asks for Node before it was answered`);
    if (failure !== undefined) throw failure;
    isBusy = true;
    try {
      return await push.answer(told);
    } catch (error) {
      throw (failure ??= coded(error, parts.tried));
    } finally {
      isBusy = false;
    }
  };
}
