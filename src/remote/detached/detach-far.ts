// The controller's side of a far process that is to live on: the orders to it, what is done here between them, and the place where it waits.
import type { ContextId } from '../../base/brand.ts';
import { deferred } from '../../base/deferred.ts';
import { ResproutError } from '../../base/errors/errors.ts';
import type { Clock } from '../../base/seams/clock.ts';
import type { Random } from '../../base/seams/random.ts';
import { DEAD, HANDLE } from '../../wire/frames/handles.ts';
import { encodeToBytes } from '../../wire/values/value-encode.ts';
import type { HelloMessage, Message } from '../child/core/messages/messages.ts';
import { fieldsOf, textOf } from '../child/core/messages/parse.ts';
import type { Router } from '../child/core/routing/router.ts';
import type { GoOrder, ReadyOrder } from '../child/detach/orders.ts';
import { keepPipes, type Leaving } from '../connect/index.ts';
import { newSecret } from './token.ts';

/** Time for each answer of the far process. */
const ANSWER_MS = 10_000;

/** The path of a socket has less. */
const MOST_PATH_CHARS = 200;

/** What is to be detached. */
export interface FarToDetach {
  readonly id: ContextId;
  /** For messages. */
  readonly name: string;
  readonly hello: HelloMessage;
  readonly router: Router;
  readonly clock: Clock;
  readonly random: Random;
  /** The text that knows how, compressed. */
  readonly text: Uint8Array;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly leaving: Leaving;
  readonly leaseMs: number;
  readonly linkLeaseMs: number;
  readonly signal: AbortSignal | undefined;
  /** Ends it by force. */
  end(): Promise<void>;
}

/** The error of a context that stays as it is. */
export function refusedDetach(name: string, saw: string, cure?: string): ResproutError {
  const fields = { tried: `detach ${name}`, saw, ...(cure === undefined ? {} : { do: cure }) };
  return new ResproutError('REMOTE_DETACH_REFUSED', `${name} was not detached: ${saw}`, fields);
}

/** The error of a session that wants a context which another program has made. */
export function refusedAttach(): ResproutError {
  const saw = 'this is a session, and what another program may have done to a context is in no record';
  return new ResproutError('REMOTE_DETACH_REFUSED', `nothing was attached to: ${saw}`, {
    tried: 'attach to a detached context',
    saw,
    do: 'Attach in a program that is not a session; a session that is killed opens its contexts again by itself',
  });
}

/**
 * Lets it live on. Its link still stands when this resolves; whoever has it lets go of it now.
 *
 * @throws ResproutError REMOTE_DETACH_REFUSED, or the reason of the signal: nothing has changed; REMOTE_LOST: it is ended, but where its answer was
 * lost on the way it lives on for its lease
 */
export async function detachFar(far: FarToDetach): Promise<{ readonly path: string; readonly secret: string }> {
  const { id, leaseMs, name, router } = far;
  const secret = newSecret(far.random);
  let path: string;
  try {
    path = await prepare(far, secret);
  } catch (error) {
    const stay: GoOrder = { go: false };
    router.send({ dst: id, handle: HANDLE.DETACH, replyTo: 0, payload: encodeToBytes(stay) });
    throw error;
  }
  const go: GoOrder = { go: true };
  const lost = new ResproutError('REMOTE_LOST', `${name} did not say that it lives on; it may, for ${leaseMs} ms at most`, {
    tried: `detach ${name}`,
  });
  try {
    if ((await request(far, go, lost))['isGone'] !== true) throw lost;
  } catch (error) {
    await far.end();
    throw error;
  }
  return { path, secret };
}

/** Makes it ready, and what it prints. @returns where it will wait */
async function prepare(far: FarToDetach, secret: string): Promise<string> {
  const { id, leaseMs, leaving, linkLeaseMs, name, router, signal } = far;
  signal?.throwIfAborted();
  router.send({ dst: id, handle: HANDLE.BROKER_TEXT, replyTo: 0, payload: far.text });
  const order: ReadyOrder = { leaseMs, linkLeaseMs, secret, kept: encodeToBytes(far.hello), needsPipes: leaving.outputs.length > 0 };
  const ready = await request(far, order, refusedDetach(name, 'it did not answer in time'));
  if (ready['refused'] !== undefined) throw refusedDetach(name, textOf(ready, 'refused'));
  const path = textOf(ready, 'path', MOST_PATH_CHARS);
  const pipes = ready['pipes'];
  signal?.throwIfAborted();
  try {
    await keepPipes(leaving.outputs, Array.isArray(pipes) ? pipes.map(String) : [], far);
  } catch (error) {
    throw refusedDetach(name, error instanceof Error ? error.message : String(error));
  }
  return path;
}

/** An order, and the fields of its answer. */
async function request(
  { clock, id, name, router }: FarToDetach,
  order: object,
  late: ResproutError,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = deferred<Message>();
  const replyTo = router.open(id, answer.resolve);
  const timer = clock.after(ANSWER_MS, () => answer.reject(late));
  try {
    router.send({ dst: id, handle: HANDLE.DETACH, replyTo, payload: encodeToBytes(order) });
    const message = await answer.promise;
    if (message.replyTo === DEAD)
      throw new ResproutError('REMOTE_LOST', `${name} was lost while it was detached`, { tried: `detach ${name}` });
    return fieldsOf(message.payload);
  } finally {
    timer.clear();
    router.close(replyTo);
  }
}
