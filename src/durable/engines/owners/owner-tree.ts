// The tree of contexts over the socket of an owner: the owner itself, a line for each context, and an end.
import type { Clock } from '../../../base/seams/clock.ts';
import { ResproutError, toError } from '../../../base/errors/errors.ts';
import type { Link } from '../../../base/seams/link.ts';
import { dialUnix } from '../../../platform/links/unix-socket.ts';
import type { ContextState } from '../../../base/context-state.ts';
import { parseContextState } from '../../journal/runner/context-state.ts';
import type { OwnerInfo } from '../../journal/sessions/session-info.ts';
import type { OwnerRequests, SessionTree } from '../../journal/sessions/session-store.ts';
import { onLines, sendLine } from './line-link.ts';
import { parseOwner } from './parse-owner.ts';

const ANSWER_MS = 5000;

/** Tells what is open, and closes the link. @param owner undefined: nothing runs yet */
export async function sendTree(link: Link, owner: OwnerRequests | undefined): Promise<void> {
  for (const context of (await owner?.tree?.()) ?? []) sendLine(link, context);
  sendLine(link, { isEnd: true });
}

/** @throws ResproutError SESSION_HELD when the owner does not answer; undefined when there is none */
export async function askTree(asked: {
  readonly path: string;
  readonly sessionId: string;
  readonly clock: Clock;
}): Promise<SessionTree | undefined> {
  const { clock, path, sessionId } = asked;
  const link = await dialUnix(path, ANSWER_MS);
  if (link === undefined) return undefined;
  try {
    return await new Promise((resolve, reject) => {
      let owner: OwnerInfo | undefined;
      const contexts: ContextState[] = [];
      const late = clock.after(ANSWER_MS, () => reject(silent(sessionId)));
      link.onClose(() => {
        late.clear();
        resolve(undefined);
      });
      onLines(link, (line) => {
        try {
          if (owner === undefined) owner = parseOwner(line);
          else if (typeof line === 'object' && line !== null && 'isEnd' in line) {
            late.clear();
            resolve({ owner, contexts });
          } else contexts.push(parseContextState(line));
        } catch (error) {
          reject(toError(error));
        }
      });
      sendLine(link, { ask: 'tree' });
    });
  } finally {
    link.close();
  }
}

function silent(sessionId: string): ResproutError {
  return new ResproutError('SESSION_HELD', `the process that runs ${sessionId} does not answer`, {
    tried: `ask for the contexts of ${sessionId}`,
    saw: `no answer for ${ANSWER_MS / 1000} s: it is stopped, or busy`,
    kept: 'Nothing was changed',
    do: 'Try again, or let that process go on (kill -CONT)',
  });
}
