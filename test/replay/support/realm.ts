import { createAsyncContext } from '../../../src/platform/engine/async-context.ts';
import { globalObject } from '../../../src/platform/engine/global-object.ts';
import { Inspector } from '../../../src/platform/engine/inspector.ts';
import { nodeKinds } from '../../../src/platform/values/node-kinds.ts';
import { callInPlace } from '../../../src/durable/runner/program/call-in-place.ts';
import { createLocator } from '../../../src/durable/runner/program/locate.ts';
import { watchPackages } from '../../../src/durable/runner/edge/packages/tripwire.ts';
import { lateBuiltins } from '../../../src/durable/runner/edge/late.ts';
import { fileHandlesReady } from '../../../src/durable/runner/edge/fs/index.ts';
import { patchGlobals } from '../../../src/durable/runner/globals/index.ts';
import { Realm } from '../../../src/durable/replay/session/realm.ts';
import type { Scope } from '../../../src/durable/replay/session/session-api.ts';

const inspector = new Inspector();
process.setSourceMapsEnabled(true);

/** The realm of this test process, its globals patched. */
export const realm: Realm = new Realm({
  context: createAsyncContext<Scope>(),
  locate: createLocator(inspector),
  callInPlace,
  globals: globalObject,
  nodeKinds,
  // Packages of the tests whose calls are recorded, as a build says of those that a session cannot run inline.
  profiles: { outside: 'boundary', kit: 'boundary' },
});
patchGlobals({ realm, use: 'own' });
await fileHandlesReady();
// Test files have imported builtins before: programs of theirs find all of them patched.
lateBuiltins();
watchPackages(realm);

// The test runner listens too, and would take what is a session's.
const emit = process.emit.bind(process) as (name: string, ...args: unknown[]) => boolean;
const emitOrCrash = (name: string, ...args: unknown[]): boolean => {
  const owner = name === 'unhandledRejection' ? realm.owner() : undefined;
  owner?.crash(args[0], 'unhandledRejection', args[1]);
  return owner !== undefined || emit(name, ...args);
};
// A program's own `process.emit` stays a call inside the session.
realm.kinds.mark(emitOrCrash, 'language');
Object.defineProperty(process, 'emit', { configurable: true, writable: true, value: emitOrCrash });

process.on('rejectionHandled', (promise) => {
  const owner = realm.owner();
  owner?.enter(() => owner.processEvents.emit('rejectionHandled', promise));
});

// Errors in ticks of Node's streams, such as an `error` that nobody listens to. The test runner takes what is no session's.
process.setUncaughtExceptionCaptureCallback((error) => {
  const owner = realm.owner();
  if (owner === undefined) process.emit('uncaughtException', error);
  else owner.crash(error);
});
