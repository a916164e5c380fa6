import { test } from 'node:test';
import assert from 'node:assert/strict';
import { contextId } from '../../base/brand.ts';
import type { ModuleRequest, ModuleServer } from '../../base/builds/build.ts';
import { codeOf } from '../../base/errors/errors.ts';
import { realTurn } from '../../platform/time/turn.ts';
import { linkedPair } from '../../testing/index.ts';
import { FrameReader } from '../../wire/frames/frame-reader.ts';
import { HANDLE } from '../../wire/frames/handles.ts';
import { decodeValue } from '../../wire/values/value-decode.ts';
import { encodeToBytes } from '../../wire/values/value-encode.ts';
import type { Message, ModulesMessage } from '../child/core/messages/messages.ts';
import { Router } from '../child/core/routing/router.ts';
import { ModuleShipping } from './module-shipping.ts';

const CHILD = contextId(1);
const ANSWER = 5000;

/** A module server that gives whatever is asked for, and remembers what was. */
function willing(): { readonly server: ModuleServer; readonly asked: ModuleRequest[] } {
  const asked: ModuleRequest[] = [];
  const server: ModuleServer = {
    serve: (request) => {
      asked.push(request);
      const path = request.kind === 'root' ? request.file : `/p/${request.specifier}`;
      return Promise.resolve({
        build: request.build,
        target: path,
        files: [{ path, format: 'module', text: 'export {}' }],
        resolution: {},
      });
    },
  };
  return { server, asked };
}

/** Shipping to a child whose end of the link is this test. */
function shippingTo(server: ModuleServer): { readonly shipping: ModuleShipping; messages(): Promise<[number, ModulesMessage][]> } {
  const [here, there] = linkedPair({ turn: realTurn });
  const router = new Router({ id: contextId(0), ancestors: [], unidirectional: true, toMain: () => false });
  router.addChild(here, CHILD, () => {});
  const reader = new FrameReader();
  const seen: [number, ModulesMessage][] = [];
  there.onData((bytes) => {
    for (const frame of reader.push(bytes)) seen.push([frame.handle, decodeValue(frame.payload) as ModulesMessage]);
  });
  const messages = async (): Promise<[number, ModulesMessage][]> => {
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    return seen.splice(0);
  };
  return { shipping: new ModuleShipping(router, CHILD, server), messages };
}

/** What a context asks for late. */
function lateRequest(from: string, specifier: string, build = 'b1'): Message {
  const payload = encodeToBytes({ kind: 'late', build, from, specifier, importKind: 'i' });
  return { dst: contextId(0), src: CHILD, handle: HANDLE.GET_MODULE, replyTo: ANSWER, payload };
}

test('ModuleShipping: a file that was not sent gets no late module, however willing the server is', async () => {
  const { server, asked } = willing();
  const { shipping, messages } = shippingTo(server);
  shipping.send({ dst: CHILD, handle: HANDLE.CALL, replyTo: 0, payload: encodeToBytes({}) }, { build: 'b1', file: '/p/sent.js' });
  assert.deepEqual(
    (await messages()).map(([handle]) => handle),
    [HANDLE.LOAD_MODULE, HANDLE.CALL],
  );
  asked.length = 0;
  for (const [from, build] of [
    ['/p/never-sent.js', 'b1'],
    ['/p/sent.js', 'b2'],
    ['/etc/passwd', 'b1'],
  ] as const) {
    await shipping.late(lateRequest(from, 'secret.js', build));
    const [[handle, { batch, error }] = [0, {}], ...more] = await messages();
    assert.deepEqual([handle, batch, more.length], [ANSWER, undefined, 0], from);
    assert.equal(codeOf(decodeValue(error ?? new Uint8Array())), 'REMOTE_MODULE_DENIED', from);
  }
  assert.deepEqual(asked, []);
  await shipping.late(lateRequest('/p/sent.js', 'late.js'));
  const [[, { batch }] = [0, {}]] = await messages();
  assert.deepEqual([asked.length, batch?.files[0]?.path], [1, '/p/late.js']);
});
