// Agents of a session: their sockets are puppets. Which requests come here, and which are one recorded exchange, edge/http decides.
import http from 'node:http';
import https from 'node:https';
import type { Patcher } from '../../globals/patch.ts';
import type { Session } from '../../../replay/session/session-api.ts';
import { natives } from '../natives.ts';
import { connectPuppet } from '../socket/patch-socket.ts';
import { connectTlsPuppet } from '../tls/connect.ts';

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** Sockets of agents: puppets in sessions. */
export function patchAgents(patcher: Patcher): void {
  const plain = natives.HttpAgent.prototype.createConnection as unknown as AnyFunction;
  patcher.replace(http.Agent.prototype, 'createConnection', 'language', function (this: unknown, ...args: unknown[]): unknown {
    return patcher.session() === undefined ? Reflect.apply(plain, this, args) : connectPuppet(args);
  });
  const secure = natives.HttpsAgent.prototype.createConnection as unknown as AnyFunction;
  patcher.replace(https.Agent.prototype, 'createConnection', 'language', function (this: unknown, ...args: unknown[]): unknown {
    return patcher.session() === undefined ? Reflect.apply(secure, this, args) : connectTlsPuppet(secureArguments(args));
  });
  shareNothing(patcher, http.globalAgent, (options) => new natives.HttpAgent(options));
  shareNothing(patcher, https.globalAgent, (options) => new natives.HttpsAgent(options));
}

/** The agent for HTTPS takes port, host and options in an order of its own. */
function secureArguments(args: readonly unknown[]): readonly unknown[] {
  const [first, second, third] = args;
  const isOptions = (value: unknown): value is object => typeof value === 'object' && value !== null;
  const options = isOptions(first) ? first : { ...(isOptions(second) ? second : isOptions(third) ? third : {}) };
  return [{ ...options, ...(typeof first === 'number' ? { port: first } : {}), ...(typeof second === 'string' ? { host: second } : {}) }];
}

interface AgentLike {
  readonly options: object;
  addRequest: AnyFunction;
  destroy: AnyFunction;
  maxSockets: number;
  maxFreeSockets: number;
}

/** The agent that a process shares has one of its own for each session: a connection that is kept alive belongs to the session that opened it. */
function shareNothing(patcher: Patcher, shared: object, make: (options: object) => object): void {
  const agent = shared as AgentLike;
  const known = new WeakMap<Session, AgentLike>();
  const agentOf = (session: Session): AgentLike => {
    const own = known.get(session) ?? (make({ ...agent.options }) as AgentLike);
    own.maxSockets = agent.maxSockets;
    own.maxFreeSockets = agent.maxFreeSockets;
    known.set(session, own);
    return own;
  };
  for (const name of ['addRequest', 'destroy'] as const) {
    const original = agent[name];
    patcher.replace(agent, name, 'language', function (this: unknown, ...args: unknown[]): unknown {
      const session = patcher.session();
      if (session === undefined || this !== agent) return Reflect.apply(original, this, args);
      const own = agentOf(session);
      return Reflect.apply(own[name], own, args);
    });
  }
}
