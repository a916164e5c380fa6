// The global WebSocket: a conversation.
import type { Patcher } from '../../globals/patch.ts';
import { exportClass, Halves, sessionClass } from '../half-classes.ts';
import { outside } from '../here.ts';
import { checkedUrl, idleSocket, NativeWebSocket, type SocketInit } from './native-websocket.ts';
import { WebSocketHalf, type OwnMethods } from './websocket-half.ts';

type AnyFunction = (...args: unknown[]) => unknown;

/** The second argument in one form: sub-protocols, one or several, or options. */
function initOf(given: unknown): SocketInit {
  if (given === undefined) return {};
  if (typeof given !== 'object' || given === null) return { protocols: String(given as string) };
  return Symbol.iterator in given ? { protocols: [...(given as Iterable<unknown>)].map(String) } : { ...given };
}

function ownMethods(prototype: object): OwnMethods {
  const { get } = Object.getOwnPropertyDescriptor(prototype, 'readyState') ?? {};
  return {
    send: Reflect.get(prototype, 'send') as AnyFunction,
    close: Reflect.get(prototype, 'close') as AnyFunction,
    readyState: get as AnyFunction,
  };
}

/** WebSockets of sessions. */
export function patchWebSocket(patcher: Patcher): void {
  const Native = NativeWebSocket;
  if (Native === undefined) return;
  const own = ownMethods(Native.prototype);
  const halves = new Halves<WebSocketHalf>(patcher);
  const exported = sessionClass(patcher, Native, (session, args, target) => {
    if (args.length === 0) return Reflect.construct(Native, []) as WebSocket;
    const init = initOf(args[1]);
    const [url, shell] = outside(() => [checkedUrl(args[0] as string, init), idleSocket(Native, target)] as const);
    halves.set(shell, new WebSocketHalf({ session, shell, url, init, own }));
    return shell;
  });
  halves.patch(Native.prototype, WebSocketHalf);
  halves.patchField(Native.prototype, 'url');
  exportClass([globalThis], 'WebSocket', exported);
}
