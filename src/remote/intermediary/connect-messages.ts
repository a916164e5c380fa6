// What openers and intermediaries say to each other.
import { contextId, type ContextId } from '../../base/brand.ts';
import type { LostReport } from '../hosts/host.ts';
import { bytesOf, countOf, fieldsOf, textOf } from '../child/core/messages/parse.ts';
import type { SetupMessage } from '../child/core/messages/messages.ts';
import type { Question, Recipe } from '../connect/index.ts';

/** CONNECT: open a context below the receiver. Answered by a ResultMessage with a HelloMessage. */
export interface ConnectMessage {
  readonly id: ContextId;
  readonly recipe: Recipe;
  readonly setup: SetupMessage;
  readonly timeoutMs: number;
  readonly deadAfterMs: number;
  /** The compressed core in its two parts. Absent when this receiver has the part already: it keeps it for the next hop. */
  readonly first?: Uint8Array | undefined;
  readonly second?: Uint8Array | undefined;
  readonly canAsk: boolean;
}

/** BELOW_ENDED: how a context below the sender ended. */
export interface EndedMessage {
  readonly id: ContextId;
  readonly report: LostReport;
}

/** ASK: a question of a tool that the sender runs for a CONNECT. Answered by `{ text }`. */
export interface AskMessage {
  readonly id: ContextId;
  readonly question: Question;
}

/** PUSH: what a far side without Node says to the sender, which dials it. Answered by a PushAnswer; by nothing when it gets none. */
export interface PushMessage {
  readonly id: ContextId;
  readonly told: string;
}

/** The id in a message about a context below the sender. */
export function parseAbout(payload: Uint8Array): ContextId {
  return contextId(countOf(fieldsOf(payload), 'id'));
}

export function parseEnded(payload: Uint8Array): EndedMessage {
  const fields = fieldsOf(payload);
  const report = recordOf(fields['report']);
  const lines = report['lastLines'];
  const code = report['exitCode'];
  return {
    id: contextId(countOf(fields, 'id')),
    report: {
      how: report['how'] === 'closed' ? 'closed' : report['how'] === 'exited' ? 'exited' : 'lost',
      reason: textOf(report, 'reason'),
      exitCode: typeof code === 'number' ? code : null,
      signal: typeof report['signal'] === 'string' ? report['signal'].slice(0, 32) : null,
      lastLines: Array.isArray(lines) ? lines.filter((line) => typeof line === 'string').slice(-20) : [],
      error: report['error'] === undefined ? undefined : bytesOf(report, 'error'),
    },
  };
}

export function parsePush(payload: Uint8Array): PushMessage {
  const fields = fieldsOf(payload);
  return { id: contextId(countOf(fields, 'id')), told: textOf(fields, 'told', 65_536) };
}

const QUESTION_KINDS: readonly Question['kind'][] = ['host-key', 'password', 'passphrase', 'code', 'confirm'];

export function parseAsk(payload: Uint8Array): AskMessage {
  const fields = fieldsOf(payload);
  const question = recordOf(fields['question']);
  const fingerprint = question['fingerprint'] === undefined ? undefined : textOf(question, 'fingerprint', 200);
  return {
    id: contextId(countOf(fields, 'id')),
    question: {
      kind: QUESTION_KINDS.find((kind) => kind === question['kind']) ?? 'code',
      who: textOf(question, 'who', 512),
      text: textOf(question, 'text', 16_384),
      fingerprint,
      isSecret: question['isSecret'] !== false,
    },
  };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
