import type { Patcher } from '../globals/patch.ts';
import { real } from '../globals/real.ts';
import { markClass } from '../puppets/mark.ts';
import { ProgramInput } from './program-input.ts';
import { processOf } from './session-process.ts';

/** `process.stdin` of a program. Packages that load, and calls to the outside, have none: what they read would not be there on replay. */
export function patchInput(patcher: Patcher): void {
  markClass(patcher.realm.kinds, ProgramInput, ['setRawMode']);
  const get = (): unknown => {
    const session = patcher.session();
    if (session === undefined) return real.stdin();
    const own = processOf(session);
    own.input ??= new ProgramInput(session, own.source);
    return own.input;
  };
  Object.defineProperty(process, 'stdin', { configurable: true, enumerable: true, get });
}
