// The global WebSocket: a conversation.
import http from 'node:http';
import { isFetchLoaded } from '../../../../platform/engine/fetch-client.ts';
import type { Patcher } from '../../globals/patch.ts';
import { Halves, sessionClass } from '../half-classes.ts';
import { outside } from '../here.ts';
import { checkedUrl, idleSocket, nativeWebSocket, type SocketInit } from './native-websocket.ts';
import { WebSocketHalf, type OwnMethods } from './websocket-half.ts';

type AnyFunction = (...args: unknown[]) => unknown;

/** As Node has it. */
const GLOBAL = { configurable: true, enumerable: false } as const;

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

function makeExported(patcher: Patcher): object {
  const Native = outside(nativeWebSocket);
  isFetchLoaded();
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
  return exported;
}

/**
 * WebSockets of sessions. The class is made when it is first looked at: Node loads it no sooner, and reading so much as the descriptor of the global
 * would have it do so.
 */
export function patchWebSocket(patcher: Patcher): void {
  let exported: object | undefined;
  const get = (): object => (exported ??= makeExported(patcher));
  const set = (value: unknown): void => void Object.defineProperty(globalThis, 'WebSocket', { ...GLOBAL, writable: true, value });
  for (const fn of [get, set]) patcher.realm.kinds.mark(fn, 'language');
  if ('WebSocket' in globalThis && Reflect.deleteProperty(globalThis, 'WebSocket'))
    Object.defineProperty(globalThis, 'WebSocket', { ...GLOBAL, get, set });
  Object.defineProperty(http, 'WebSocket', { configurable: true, enumerable: true, get });
}
