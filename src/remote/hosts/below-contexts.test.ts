import { test } from 'node:test';
import assert from 'node:assert/strict';
import { contextId } from '../../base/brand.ts';
import { codeOf } from '../../base/errors/errors.ts';
import { realClock } from '../../platform/time/clock.ts';
import { realTurn } from '../../platform/time/turn.ts';
import { linkedPair } from '../../testing/index.ts';
import { Router } from '../child/core/routing/router.ts';
import { BelowContexts, type BelowStart } from './below-contexts.ts';
import type { HostBrokerParts } from './host-broker-parts.ts';

test('BelowContexts refuses what would be one too many below a child, before anything is sent, and opens it below another one', async () => {
  const router = new Router({ id: contextId(0), ancestors: [], unidirectional: true, toMain: () => false });
  const children = [contextId(1), contextId(2)] as const;
  for (const id of children) router.addChild(linkedPair({ turn: realTurn })[0], id, () => {});
  const boot = (): Uint8Array => new Uint8Array(1);
  const below = new BelowContexts({ router, clock: realClock, boot } as unknown as HostBrokerParts, 2);
  const stop = new AbortController();
  const open = async (id: number, via: number): Promise<unknown> => {
    const recipe = { method: 'local', name: `c${String(id)}` } as const;
    const dial = { recipe, signal: stop.signal, timeoutMs: 60_000 };
    const start = { id: contextId(id), via: contextId(via), dial, setup: {}, ask: undefined, canForget: () => {} };
    return await below.open(start as unknown as BelowStart, new Map()).catch((error: unknown) => codeOf(error) ?? error);
  };
  // Nobody answers: they are being opened until the end of the test.
  const opening = [open(10, 1), open(11, 1)];
  assert.equal(await open(12, 1), 'WIRE_LIMIT');
  assert.equal(await open(13, 11), 'WIRE_LIMIT');
  opening.push(open(14, 2));
  stop.abort('enough');
  assert.deepEqual(await Promise.all(opening), ['enough', 'enough', 'enough']);
});
