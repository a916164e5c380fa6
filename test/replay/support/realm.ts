import { createAsyncContext } from '../../../src/platform/async-context.ts';
import { globalObject } from '../../../src/platform/global-object.ts';
import { Inspector } from '../../../src/platform/inspector.ts';
import { nodeKinds } from '../../../src/platform/node-kinds.ts';
import { createLocator } from '../../../src/durable/runner/program/locate.ts';
import { patchGlobals } from '../../../src/durable/runner/globals/index.ts';
import { Realm } from '../../../src/durable/replay/session/realm.ts';
import type { Scope } from '../../../src/durable/replay/session/session-api.ts';

const inspector = new Inspector();
process.setSourceMapsEnabled(true);

/** The realm of this test process, its globals patched. */
export const realm: Realm = new Realm({
  context: createAsyncContext<Scope>(),
  locate: createLocator(inspector),
  globals: globalObject,
  nodeKinds,
  profiles: { 'inline-kit': 'inline' },
});
patchGlobals({ realm, use: 'own' });

process.on('unhandledRejection', (error, promise) => {
  const owner = realm.owner();
  if (owner === undefined) throw error;
  owner.crash(error, 'unhandledRejection', promise);
});

process.on('rejectionHandled', (promise) => {
  const owner = realm.owner();
  owner?.enter(() => owner.processEvents.emit('rejectionHandled', promise));
});
