// The broker's end of the link to the owner (fd 3): frames out, frames in, questions with answers.
import { ResproutError } from '../../../base/errors/errors.ts';
import type { InheritedLink } from '../../../platform/links/inherited-link.ts';
import { valueFrame } from '../../journal/runner/runner-frames.ts';
import { errorOfPlain, parsePlainError } from '../../journal/runner/runner-messages.ts';
import type { Frame } from '../../../wire/frames/frame.ts';
import { FrameReader } from '../../../wire/frames/frame-reader.ts';
import { FIRST_DYNAMIC_HANDLE, HANDLE } from '../../../wire/frames/handles.ts';
import { decodeValue } from '../../../wire/values/value-decode.ts';
import { encodeToBytes } from '../../../wire/values/value-encode.ts';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export interface OwnerLinkHandlers {
  /** A request of the owner: PARK, CANCEL, SHUTDOWN. */
  onRequest(handle: number, value: unknown): void;
  /** The owner is gone, or what it sent is none of our frames. */
  onLost(reason: string): void;
}

/** The link of a runner to its owner. */
export class OwnerLink {
  readonly #link: InheritedLink;
  readonly #handlers: OwnerLinkHandlers;
  readonly #waiting = new Map<number, Waiting>();
  #nextHandle = FIRST_DYNAMIC_HANDLE;

  constructor(link: InheritedLink, handlers: OwnerLinkHandlers) {
    this.#link = link;
    this.#handlers = handlers;
    const reader = new FrameReader({ peer: 'the owner' });
    link.onClose((reason) => handlers.onLost(reason));
    link.onData((bytes) => {
      try {
        for (const frame of reader.push(bytes)) this.#take(frame);
      } catch (error) {
        handlers.onLost(String(error));
      }
    });
  }

  /** Sends what has no answer. */
  tell(handle: number, value: unknown): void {
    this.#link.send(valueFrame(handle, encodeToBytes(value)));
  }

  /** Resolves when all that was told has left this process. */
  flush(): Promise<void> {
    return this.#link.flush();
  }

  /** Asks and waits for the answer. The owner answers every question; when it is lost this process ends. @throws ResproutError of the owner */
  ask(handle: number, value: unknown): Promise<unknown> {
    const replyTo = this.#nextHandle++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(replyTo, { resolve, reject });
      this.#link.send(valueFrame(handle, encodeToBytes(value), replyTo));
    });
  }

  #take(frame: Frame): void {
    if (frame.handle === HANDLE.PING) {
      this.#link.send(valueFrame(HANDLE.PING));
      return;
    }
    const value = frame.payload.length === 0 ? undefined : decodeValue(frame.payload);
    if (frame.handle < FIRST_DYNAMIC_HANDLE) {
      this.#handlers.onRequest(frame.handle, value);
      return;
    }
    const waiting = this.#waiting.get(frame.handle);
    if (waiting === undefined) return;
    this.#waiting.delete(frame.handle);
    if (typeof value !== 'object' || value === null)
      waiting.reject(new ResproutError('WIRE_BAD_VALUE', 'the owner gave an answer that is none'));
    else if ('error' in value) waiting.reject(errorOfPlain(parsePlainError(value.error)));
    else waiting.resolve('value' in value ? value.value : undefined);
  }
}
