// `require` inside a call of a package: what it loads is loaded as any package is, so that reads of Node's loader are no reads of the program
// and the module's body sees the same clock and chance in every process.
import { Module } from 'node:module';
import { isFetchLoaded } from '../../../../platform/engine/fetch-client.ts';
import type { Patcher } from '../../globals/patch.ts';
import { lateBuiltins } from '../late.ts';

/** The file of undici that has the base class of its dispatchers, as its other files require it. */
const isDispatcherBase = (id: string): boolean => id.endsWith('/dispatcher-base') || id.endsWith('/dispatcher-base.js');

type Require = (this: Module, id: string) => unknown;

/** Patches `require` of CommonJS modules. Copies of undici are met here too, whoever loads them. */
export function patchRequire(patcher: Patcher): void {
  const original = Module.prototype.require as Require;
  patcher.replace(Module.prototype, 'require', 'language', function (this: Module, id: string): unknown {
    const session = patcher.session();
    const load = (): unknown => Reflect.apply(original, this, [id]);
    const loaded = session === undefined ? load() : session.load(String(id).startsWith('.') ? this.filename : String(id), load);
    if (typeof id === 'string' && isDispatcherBase(id)) {
      lateBuiltins().patchDispatcher(patcher, loaded);
      // It takes over the dispatcher of Node's own copy, which is patched when it is found.
      isFetchLoaded();
    }
    return loaded;
  });
}
