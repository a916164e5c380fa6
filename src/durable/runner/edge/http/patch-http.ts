// `http(s).request` and `get` of a session, whoever calls them: recorded as one call. What begins a conversation, and what goes over a
// connection that the program makes itself, is Node's own over sockets of the program.
import { lookup } from 'node:dns';
import http, { type ClientRequest, type RequestOptions } from 'node:http';
import https from 'node:https';
import { checkServerIdentity } from 'node:tls';
import type { Patcher } from '../../globals/patch.ts';
import { isHeard, patchAgentEnd } from './outside-agent.ts';
import { recordedRequest, type HttpModule } from './recorded-request.ts';
import { givenRequest, isConversation } from './request-options.ts';

type HttpFunction = (...args: never[]) => ClientRequest;

/** Functions of the program that take part in the making of a connection. */
const TAKES_PART = ['lookup', 'checkServerIdentity'] as const;

function takesPart(options: unknown): boolean {
  return TAKES_PART.some((name) => {
    const given: unknown = Reflect.get(Object(options) as object, name);
    return typeof given === 'function' && given !== lookup && given !== checkServerIdentity;
  });
}

/** Whether the program itself makes the connection, or hears of it. */
function connectsItself(patcher: Patcher, options: RequestOptions): boolean {
  const { kinds } = patcher.realm;
  const { agent, createConnection } = options;
  if (typeof createConnection === 'function' || isHeard(agent)) return true;
  if (takesPart(options) || takesPart(Reflect.get(Object(agent) as object, 'options'))) return true;
  return typeof agent === 'object' && agent !== null && kinds.isUser(Reflect.get(agent, 'createConnection'));
}

function patchModule(patcher: Patcher, holder: typeof http | typeof https, scheme: string): void {
  const { request } = holder;
  const module: HttpModule = { scheme, request: request as HttpModule['request'], globalAgent: holder.globalAgent };
  const { context } = patcher.realm;
  const outside = <T>(run: () => T): T => context.run(undefined, run);
  const made = (args: readonly unknown[]): ClientRequest => {
    const session = patcher.session();
    if (session === undefined) return Reflect.apply(request as HttpFunction, holder, args) as ClientRequest;
    const given = givenRequest(args);
    if (isConversation(given.options) || connectsItself(patcher, given.options))
      return Reflect.apply(request as HttpFunction, holder, args) as ClientRequest;
    return recordedRequest({ module, session, outside }, given);
  };
  patcher.replace(holder, 'request', 'own', (...args: unknown[]): ClientRequest => made(args));
  patcher.replace(holder, 'get', 'own', (...args: unknown[]): ClientRequest => {
    const begun = made(args);
    begun.end();
    return begun;
  });
}

/** Patches both modules. */
export function patchHttp(patcher: Patcher): void {
  patchModule(patcher, http, 'http:');
  patchModule(patcher, https, 'https:');
  patchAgentEnd(patcher, (run) => patcher.realm.context.run(undefined, run));
}
