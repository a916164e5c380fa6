// `createRequire` of a program: user files come from the session's modules, as with `require` and `import`; everything else from Node.
import nodeModule from 'node:module';
import { syncBuiltinESMExports } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Session } from '../../replay/session/session-api.ts';
import type { Patcher } from './patch.ts';

/** The `require` of a user file; undefined for a file that is none of the program's. */
export type UserRequire = (file: string) => object | undefined;

const ofSession = new WeakMap<Session, UserRequire>();

/** Says where `createRequire` of a session finds the program's files. */
export function setUserRequire(session: Session, find: UserRequire): void {
  ofSession.set(session, find);
}

function fileOf(given: unknown): string | undefined {
  if (given instanceof URL) return given.protocol === 'file:' ? fileURLToPath(given) : undefined;
  if (typeof given !== 'string') return undefined;
  return given.startsWith('file:') ? fileURLToPath(given) : given;
}

/** User files that a program requires are its own, however it came by `require`. */
export function patchCreateRequire(patcher: Patcher): void {
  const { createRequire } = nodeModule;
  patcher.replace(nodeModule, 'createRequire', 'language', (given: string | URL): unknown => {
    const session = patcher.session();
    // What is no place of a file, the original refuses in its own words.
    const real = createRequire(given);
    const file = session === undefined ? undefined : fileOf(given);
    const found = session === undefined || file === undefined ? undefined : ofSession.get(session)?.(file);
    if (found === undefined) return real;
    patcher.realm.kinds.mark(found, 'language');
    return found;
  });
  syncBuiltinESMExports();
}
