// A child that the test plays itself, at the other end of a link, and the router of a controller for it.
import type { Link } from '../../src/base/seams/link.ts';
import { Router } from '../../src/remote/child/core/routing/router.ts';
import type { Message } from '../../src/remote/child/core/messages/messages.ts';
import { encodeFrame, type Frame } from '../../src/wire/frames/frame.ts';
import { FrameReader } from '../../src/wire/frames/frame-reader.ts';
import { HANDLE } from '../../src/wire/frames/handles.ts';

/** A link whose other end is the test: what is sent is kept, what arrives is fed. */
export function scripted(): {
  readonly link: Link;
  feed(bytes: Uint8Array): void;
  sent(): Frame[];
  readonly closed: () => string | undefined;
} {
  let onData: (bytes: Uint8Array) => void = () => {};
  let onClose: (reason: string) => void = () => {};
  let closed: string | undefined;
  const reader = new FrameReader();
  const frames: Frame[] = [];
  return {
    link: {
      name: 'hostile',
      send: (bytes) => {
        frames.push(...reader.push(bytes));
        return true;
      },
      onData: (handler) => void (onData = handler),
      onDrain: () => {},
      onClose: (handler) => void (onClose = handler),
      pause: () => {},
      resume: () => {},
      close: (reason = 'closed') => {
        if (closed !== undefined) return;
        closed = reason;
        onClose(reason);
      },
    },
    feed: (bytes) => onData(bytes),
    sent: () => frames.splice(0),
    closed: () => closed,
  };
}

/** A number as an id of a context. */
export const id = (value: number): never => value as never;

/** The router of a controller, with what has reached its program. */
export function controller(): { readonly router: Router; readonly main: Message[]; readonly calls: string[] } {
  const main: Message[] = [];
  const calls: string[] = [];
  const router = new Router({
    id: id(0),
    ancestors: [],
    unidirectional: true,
    toMain: (message) => {
      if (message.handle < 0x4000_0000) return false;
      main.push(message);
      return true;
    },
  });
  router.on(HANDLE.CALL, 'ancestor', () => void calls.push('call'));
  router.on(HANDLE.SHUTDOWN, 'ancestor', () => void calls.push('shutdown'));
  return { router, main, calls };
}

/** A frame of context 1, to mailbox 5000 of the controller where nothing else is said. */
export const frame = (parts: Partial<Frame>): Uint8Array =>
  encodeFrame({ dst: 0, src: 1, auth: 1, handle: 5000, replyTo: 0, payload: new Uint8Array(0), ...parts });
