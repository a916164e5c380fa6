// An agent of a program opens nothing: its requests are made outside by a twin of it, so no event of the connections there reaches a listener
// of the program. An agent that the program listens to holds sockets of the program instead, and so does one that connects by itself.
import http, { type Agent, type AgentOptions } from 'node:http';
import https from 'node:https';
import type { Patcher } from '../../globals/patch.ts';

const { Agent: HttpAgent } = http;
const { Agent: HttpsAgent } = https;
const twins = new WeakMap<object, Agent>();

/** Node's agent listens to its own `free`. */
const OWN_LISTENERS = 1;

/** Whether the program hears of the sockets of an agent. */
export function isHeard(agent: unknown): boolean {
  return agent instanceof HttpAgent && agent.listenerCount('free') > OWN_LISTENERS;
}

/** The agent that makes the requests of an agent of the program, outside. One of a class of its own does what that class says: it makes them itself. */
export function outsideAgent(agent: Agent | boolean | null | undefined): Agent | boolean | undefined {
  if (agent === null) return undefined;
  if (typeof agent !== 'object') return agent;
  const known = twins.get(agent);
  if (known !== undefined) return known;
  const prototype: unknown = Object.getPrototypeOf(agent);
  const Class = prototype === HttpsAgent.prototype ? HttpsAgent : prototype === HttpAgent.prototype ? HttpAgent : undefined;
  if (Class === undefined || agent === http.globalAgent || agent === https.globalAgent) return agent;
  const { maxSockets, maxFreeSockets, maxTotalSockets } = agent;
  const twin = new Class({ ...(Reflect.get(agent, 'options') as AgentOptions), maxSockets, maxFreeSockets, maxTotalSockets });
  twins.set(agent, twin);
  return twin;
}

/** What the program ends is ended outside too. */
export function patchAgentEnd(patcher: Patcher, outside: <T>(run: () => T) => T): void {
  const destroy = Reflect.get(HttpAgent.prototype, 'destroy');
  patcher.replace(HttpAgent.prototype, 'destroy', 'language', function (this: Agent): void {
    Reflect.apply(destroy, this, []);
    const twin = twins.get(this);
    if (twin !== undefined) outside(() => twin.destroy());
  });
}
