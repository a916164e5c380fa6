// What the core of a far process has already, for our own modules that travel when they are used: the running call is then
// the same one.
import type { ContextInfo } from './core/calls/context-info.ts';

const FACE_KEY = Symbol.for('resprout.face');
const member = Reflect.get(globalThis, FACE_KEY) as (name: string) => unknown;

/** The running call. */
export const contextInfo = member('contextInfo') as () => ContextInfo;
