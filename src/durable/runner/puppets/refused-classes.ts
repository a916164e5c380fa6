// Classes whose objects act outside in ways that a session does not follow: refused where they are made, with what to do instead. An object that
// is silent on replay would let the program wait for ever.
import { ResproutError } from '../../../base/errors.ts';
import type { Patcher } from '../globals/patch.ts';
import { exportClass, sessionClass } from './half-classes.ts';

type AnyClass = abstract new (...args: never[]) => object;

function patchRefused(patcher: Patcher, holder: object, name: string, instead: string): void {
  const Native: unknown = Object.getOwnPropertyDescriptor(holder, name) === undefined ? undefined : Reflect.get(holder, name);
  if (typeof Native !== 'function') return;
  const exported = sessionClass(patcher, Native as unknown as AnyClass, () => {
    throw new ResproutError('PACKAGE_NEEDS_BOUNDARY', `${name} is not kept in a journal`, { tried: `new ${name}()`, do: instead });
  });
  exportClass([holder], name, exported);
}

/** Refuses them in sessions. Elsewhere, in activities too, they are Node's own. */
export function patchRefusedClasses(patcher: Patcher): void {
  const socket = 'Use a package for it over node:net, such as ws, whose connections a session follows; or open it inside activity()';
  patchRefused(patcher, globalThis, 'WebSocket', socket);
  patchRefused(patcher, globalThis, 'EventSource', socket);
}
