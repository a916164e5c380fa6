// Our own modules for far sides: the first call that needs one ships it, from the package itself. They ask for builtins of Node only.
import type { ModuleServer } from '../../base/builds/build.ts';
import { ResproutError } from '../../base/errors/errors.ts';
import type { TextPart } from '../boot-text.ts';

/** A module of ours that travels. */
export type OwnModule = 'commands' | 'files' | 'exec' | 'doctor' | 'unit';

const OWN_MODULES: readonly OwnModule[] = ['commands', 'files', 'exec', 'doctor', 'unit'];

/** The build that they are of. The id of a user's build is longer. */
export const OWN_BUILD = 'own';

/** What stacks of the far side call a module of ours. */
export function ownModulePath(module: OwnModule): string {
  return `/resprout/${module}.js`;
}

/** Serves our own modules, and everything else from `next`. @param text the built texts of the package */
export function withOwnModules(next: ModuleServer, text: (part: TextPart) => Uint8Array): ModuleServer {
  return {
    serve(request, have, signal) {
      if (request.build !== OWN_BUILD) return next.serve(request, have, signal);
      const module = OWN_MODULES.find((one) => request.kind === 'root' && request.file === ownModulePath(one));
      if (module === undefined) {
        const what = request.kind === 'root' ? request.file : request.specifier;
        return Promise.reject(new ResproutError('REMOTE_MODULE_DENIED', `"${what}" is no module of the package (rule: own)`));
      }
      const path = ownModulePath(module);
      const files = have.has(path) ? [] : [{ path, format: 'module', text: Buffer.from(text(module)).toString() } as const];
      return Promise.resolve({ build: OWN_BUILD, target: path, files, resolution: {} });
    },
  };
}
