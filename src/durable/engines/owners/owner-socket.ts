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
import { sendTree } from './owner-tree.ts';
import { parseOwner } from './parse-owner.ts';

const ANSWER_MS = 5000;
const HELLO_MS = 5000;
const TRIES = 5;
/** An owner that was asked to end is looked at so often, and given up when it has not answered for so long. */
const LOOK_MS = 2000;
const SILENT_MS = 15_000;

/** What is known of an owner that does not answer. */
const SILENT: OwnerInfo = { pid: 0, sinceMs: 0, command: 'a process that does not answer' };

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
      if (ask !== 'who' && ask !== 'tree' && ask !== 'park' && ask !== 'cancel') return link.close('asked for something unknown');
      sendLine(link, { pid: info.pid, sinceMs: info.sinceMs, command: info.command });
      if (ask === 'who') return;
      if (ask === 'tree') return void sendTree(link, target);
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

/** A request of an owner. */
export interface OwnerRequest {
  /** Path of the socket. */
  readonly path: string;
  readonly ask: 'park' | 'cancel';
  /** For messages. */
  readonly sessionId: string;
  readonly clock: Clock;
}

/**
 * Asks a live owner to park or cancel its session. Undefined when there is none; else `gone` resolves when the owner has let go of it. An owner that
 * answers may take its time: its own grace bounds that. One that is silent for fifteen seconds is stopped or hangs: `gone` rejects with SESSION_HELD.
 */
export async function requestOwner({ path, ask, sessionId, clock }: OwnerRequest): Promise<AskedOwner | undefined> {
  const asked = await converse(path, ask, clock);
  if (asked === undefined) return undefined;
  const { info, link } = asked;
  const gone = goneOrSilent(asked.gone, path, clock).catch(() => {
    throw silentOwner(info, sessionId, ask);
  });
  // Whoever does not wait for it is not told.
  gone.catch(() => {}).finally(() => link.close());
  return { info, gone };
}

/** @throws when nobody has answered for too long */
async function goneOrSilent(gone: Promise<void>, path: string, clock: Clock): Promise<void> {
  let answeredMs = clock.monotonicMs();
  let isGone = false;
  const over = gone.then(() => (isGone = true));
  for (;;) {
    const pause = Promise.withResolvers<void>();
    const timer = clock.after(LOOK_MS, pause.resolve);
    await Promise.race([over, pause.promise]);
    timer.clear();
    if (isGone) return;
    // A queue of connections that nobody takes any more is silence, too.
    const info = await askOwner(path, clock).catch(() => SILENT);
    if (info === undefined) return;
    if (info.pid !== SILENT.pid) answeredMs = clock.monotonicMs();
    else if (clock.monotonicMs() - answeredMs >= SILENT_MS) throw new Error('silent');
  }
}

interface Conversation extends AskedOwner {
  readonly link: Link;
}

async function converse(path: string, ask: 'who' | 'park' | 'cancel', clock: Clock): Promise<Conversation | undefined> {
  const link = await dialUnix(path, ANSWER_MS);
  if (link === undefined) return undefined;
  return await new Promise((resolve) => {
    // Somebody listens there and says nothing: it is alive and owns the folder, even when it is stopped.
    const silent = clock.after(ANSWER_MS, () => {
      if (ask === 'who') link.close();
      resolve({ info: SILENT, gone, link });
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
      resolve({ info: parseOwner(line), gone, link });
      if (ask === 'who') link.close();
    });
    sendLine(link, { ask });
  });
}

function silentOwner({ pid }: OwnerInfo, sessionId: string, ask: 'park' | 'cancel'): ResproutError {
  const who = pid === SILENT.pid ? 'another process' : `process ${pid}`;
  const wake = pid === SILENT.pid ? 'Let that process go on (kill -CONT)' : `kill -CONT ${pid} lets it go on`;
  return new ResproutError('SESSION_HELD', `session ${sessionId} is held by ${who}, which does not answer`, {
    tried: `ask ${who} to ${ask} ${sessionId}`,
    saw: `no answer for ${SILENT_MS / 1000} s: it is stopped, or hangs`,
    kept: 'The session is unchanged; the request lies there until that process goes on',
    do: `${wake}; resprout cancel ${sessionId} --take-over takes the session from it and ends it`,
  });
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
