// `require` inside a call of a package: what it loads is loaded as any package is, so that reads of Node's loader are no reads of the program
// and the module's body sees the same clock and chance in every process.
import { Module } from 'node:module';
import type { Patcher } from '../../globals/patch.ts';

type Require = (this: Module, id: string) => unknown;

/** Patches `require` of CommonJS modules. */
export function patchRequire(patcher: Patcher): void {
  const original = Module.prototype.require as Require;
  patcher.replace(Module.prototype, 'require', 'language', function (this: Module, id: string): unknown {
    const session = patcher.session();
    if (session === undefined) return Reflect.apply(original, this, [id]);
    return session.load(id.startsWith('.') ? this.filename : id, () => Reflect.apply(original, this, [id]));
  });
}
