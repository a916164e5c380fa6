// Classes whose objects act outside in ways that a session does not follow: refused where they are made, with what to do instead. An object that
// is silent on replay would let the program wait for ever.
import { ResproutError } from '../../../base/errors/errors.ts';
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
  const instead =
    'Use the EventSource of a package, such as undici or eventsource, whose requests a session follows; or read it with fetch';
  patchRefused(patcher, globalThis, 'EventSource', instead);
}
