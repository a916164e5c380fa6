// The owner of a session's folder answers at a unix socket: who it is, and it takes park and cancel requests. Lines of JSON, one question and its
// answers a connection. A name where nobody listens is stale and replaced. Two processes that replace a stale name in the same instant are
// told apart by the journal's epoch, which every new owner raises.
import type { Clock } from '../../../base/seams/clock.ts';
import { ResproutError } from '../../../base/errors/errors.ts';
import type { Link, Listener } from '../../../base/seams/link.ts';
import { errnoOf } from '../../../platform/errno.ts';
import { dialUnix, listenUnix, removeName } from '../../../platform/links/unix-socket.ts';
import type { OwnerInfo } from '../../journal/sessions/session-info.ts';
import type { AskedOwner, Claim, OwnerRequests } from '../../journal/sessions/session-store.ts';
import { onLines, sendLine } from './line-link.ts';

const ANSWER_MS = 5000;
const HELLO_MS = 5000;
const TRIES = 5;

/** How a session is claimed at its socket. */
export interface SocketClaim {
  /** Path of the socket. */
  readonly path: string;
  readonly info: OwnerInfo;
  /** For messages. */
  readonly sessionId: string;
  readonly clock: Clock;
  /** Takes the name from an owner that is alive; the journal's epoch fences it then. */
  readonly takeOver?: boolean | undefined;
}

/** Becomes the owner that answers at a path. @throws ResproutError SESSION_HELD when another process does */
export async function claimSocket({ path, info, sessionId, clock, takeOver = false }: SocketClaim): Promise<Claim> {
  let target: OwnerRequests | undefined;
  const early: ('park' | 'cancel')[] = [];
  const serve = (link: Link): void => {
    const hello = clock.after(HELLO_MS, () => link.close('said nothing'), { background: true });
    link.onClose(() => hello.clear());
    onLines(link, (line) => {
      hello.clear();
      const ask = typeof line === 'object' && line !== null && 'ask' in line ? line.ask : undefined;
      if (ask !== 'who' && ask !== 'park' && ask !== 'cancel') return link.close('asked for something unknown');
      sendLine(link, { pid: info.pid, sinceMs: info.sinceMs, command: info.command });
      if (ask === 'who') return;
      if (target === undefined) early.push(ask);
      else target[ask]();
    });
  };
  let listener: Listener | undefined;
  for (let i = 0; i < TRIES && listener === undefined; i++) {
    try {
      listener = await listenUnix(path, serve);
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
      const holder = await askOwner(path, clock);
      if (holder !== undefined && !takeOver) throw heldBy(holder, sessionId, clock);
      removeName(path);
    }
  }
  if (listener === undefined)
    throw new ResproutError('SESSION_HELD', `other processes keep taking the name ${path}`, { tried: `own ${sessionId}` });
  const held = listener;
  let released: Promise<void> | undefined;
  return {
    attach(requests) {
      target = requests;
      for (const ask of early.splice(0)) requests[ask]();
    },
    release: () => (released ??= held.close()),
  };
}

/** Who owns the folder of this socket; undefined when nobody does. */
export async function askOwner(path: string, clock: Clock): Promise<OwnerInfo | undefined> {
  return (await converse(path, 'who', clock))?.info;
}

/**
 * Asks a live owner to park or cancel its session. Undefined when there is none; else `gone` resolves when the owner has let go of it.
 */
export async function requestOwner(path: string, ask: 'park' | 'cancel', clock: Clock): Promise<AskedOwner | undefined> {
  return await converse(path, ask, clock);
}

async function converse(path: string, ask: 'who' | 'park' | 'cancel', clock: Clock): Promise<AskedOwner | undefined> {
  const link = await dialUnix(path, ANSWER_MS);
  if (link === undefined) return undefined;
  return await new Promise((resolve) => {
    // Somebody listens there and says nothing: it is alive and owns the folder, even when it is stopped.
    const silent = clock.after(ANSWER_MS, () => {
      link.close();
      resolve({ info: { pid: 0, sinceMs: 0, command: 'a process that does not answer' }, gone });
    });
    let finish: () => void = () => {};
    const gone = new Promise<void>((done) => {
      finish = done;
    });
    link.onClose(() => {
      silent.clear();
      finish();
      resolve(undefined);
    });
    onLines(link, (line) => {
      silent.clear();
      resolve({ info: parseInfo(line), gone });
      if (ask === 'who') link.close();
    });
    sendLine(link, { ask });
  });
}

function parseInfo(line: unknown): OwnerInfo {
  const fields = typeof line === 'object' && line !== null ? (line as Readonly<Record<string, unknown>>) : {};
  const whole = (name: string): number => (typeof fields[name] === 'number' && Number.isSafeInteger(fields[name]) ? fields[name] : 0);
  return { pid: whole('pid'), sinceMs: whole('sinceMs'), command: typeof fields['command'] === 'string' ? fields['command'] : '' };
}

/** The error of a session that another process runs. */
export function heldBy(holder: OwnerInfo, sessionId: string, clock: Pick<Clock, 'wallMs'>): ResproutError {
  const seconds = Math.max(0, Math.round((clock.wallMs() - holder.sinceMs) / 1000));
  return new ResproutError('SESSION_HELD', `session ${sessionId} is running in process ${holder.pid}`, {
    tried: `own ${sessionId}`,
    saw: `process ${holder.pid} (${holder.command}) has it for ${seconds} s`,
    kept: 'Nothing was changed',
    do: `resprout show ${sessionId} --follow looks on; resprout resume ${sessionId} --take-over takes it from that process`,
  });
}
