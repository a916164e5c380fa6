import * as events from 'node:events';
import * as fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import * as stream from 'node:stream';
import { setActivityFinder, setRecorderFinder } from '../../../base/recorder.ts';
import type { Realm } from '../../replay/session/realm.ts';
import { patchBuiltins } from '../edge/builtins.ts';
import { patchFetch } from '../edge/fetch/patch-fetch.ts';
import { patchFs } from '../edge/fs/index.ts';
import { patchLate } from '../edge/late.ts';
import { patchRequire } from '../edge/packages/late-require.ts';
import { patchWaysOut } from '../edge/packages/tripwire.ts';
import { patchProcess, type ProcessUse } from '../process/index.ts';
import { setSessionFinder } from '../puppets/here.ts';
import { patchPorts } from '../puppets/ports/patch.ts';
import { patchRefusedClasses } from '../puppets/refused-classes.ts';
import { patchChance } from './chance.ts';
import { patchCreateRequire } from './create-require.ts';
import { patchDate } from './date.ts';
import { patchHiddenClocks } from './hidden-clocks.ts';
import { Patcher } from './patch.ts';
import { patchProxy } from './proxy.ts';
import { patchStacks } from './stacks.ts';
import { patchTime } from './time.ts';
import { patchTimers } from './timers.ts';

export interface GlobalsOptions {
  readonly realm: Realm;
  /** Whether the process has one session, which may change what is process-wide. */
  readonly use: ProcessUse;
}

const withoutDefault = (namespace: object): object => Object.fromEntries(Object.entries(namespace).filter(([name]) => name !== 'default'));

let isPatched = false;

/**
 * Patches the globals of this process and says how the running session is found. Once per process, after the realm was made and before
 * any package or user module is loaded. Outside of sessions everything behaves as before.
 */
export function patchGlobals({ realm, use }: GlobalsOptions): void {
  if (isPatched) throw new TypeError('the globals of this process are patched already');
  isPatched = true;
  const patcher = new Patcher(realm);
  setSessionFinder(
    () => patcher.session(),
    (fn) => realm.kinds.mark(fn, 'language'),
  );
  // A tick is a step of the program itself, like a microtask.
  realm.kinds.mark(process.nextTick, 'language');
  patchDate(patcher);
  patchTime(patcher);
  patchHiddenClocks(patcher);
  patchChance(patcher);
  patchTimers(patcher);
  patchStacks(patcher, use === 'own');
  patchFetch(patcher);
  patchProcess(patcher, use);
  patchFs(patcher);
  patchProxy(patcher);
  patchBuiltins(patcher);
  patchRequire(patcher);
  patchWaysOut(patcher);
  patchPorts(patcher);
  patchRefusedClasses(patcher);
  patchCreateRequire(patcher);
  patchLate(patcher);
  syncBuiltinESMExports();
  // After the patches, so that the names of the patched functions are known; base classes first, since others take over their methods.
  // Without their default: that is a class whose statics are the others, and it would name them by those of whoever takes them over.
  realm.registerModule('node:events', 'node:events', withoutDefault(events));
  realm.registerModule('node:stream', 'node:stream', withoutDefault(stream));
  realm.registerModule('node:fs', 'node:fs', fs);
  setRecorderFinder(() => realm.session()?.recorder);
  setActivityFinder(() => {
    const scope = realm.context.current();
    return scope?.kind === 'activity' ? scope.info : undefined;
  });
}
