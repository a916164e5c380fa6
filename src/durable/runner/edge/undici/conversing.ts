// An agent keeps connections. Those of recorded requests are outside, and those of conversations are sockets of the program: one agent must not
// mix them. So the conversations of a session go over a twin of the agent, which no request of outside ever uses.
import type { Session } from '../../../replay/session/session-api.ts';

type AgentClass = new (options: object) => object;

const twins = new WeakMap<Session, WeakMap<object, object>>();

/** What an agent was made with. */
function optionsOf(agent: object): object | undefined {
  const key = Object.getOwnPropertySymbols(agent).find(({ description }) => description === 'options');
  const options: unknown = key === undefined ? undefined : Reflect.get(agent, key);
  return typeof options === 'object' && options !== null ? options : undefined;
}

/** The dispatcher that holds the conversations of a dispatcher: itself, when it is no agent that others may share. */
export function conversing(session: Session, dispatcher: object): object {
  const { constructor: Class } = dispatcher as { constructor: AgentClass };
  const options = Class.name === 'Agent' ? optionsOf(dispatcher) : undefined;
  if (options === undefined) return dispatcher;
  const ofSession = twins.get(session) ?? new WeakMap<object, object>();
  twins.set(session, ofSession);
  // Its conversations go over itself.
  const twin = ofSession.get(dispatcher) ?? new Class({ ...options });
  ofSession.set(dispatcher, twin).set(twin, twin);
  return twin;
}
