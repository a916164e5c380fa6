import type { LateFiles, ModuleBatch } from '../base/build.ts';
import { ResproutError } from '../base/errors.ts';
import type { FarModuleRequest, LateRequest } from '../durable/journal/runner-messages.ts';
import type { Build, Builder } from '../modules/index.ts';

/** What the owner answers for one session: it alone resolves, lowers and decides policy. */
export interface BuildService {
  /** @throws ResproutError REMOTE_MODULE_DENIED, REMOTE_MODULE_MISSING, BUILD_FILE_MISSING */
  farModules(request: FarModuleRequest): Promise<ModuleBatch>;
  /** On disk before it returns. @throws ResproutError as far modules, and of the builder */
  lateModule(request: LateRequest): LateFiles;
}

/** The build that a far side names must be one that this session has run; it never names files of its own choice. */
export function buildService(builder: Builder, builds: readonly Build[]): BuildService {
  const [current] = builds;
  if (current === undefined) throw new TypeError('a session has at least one build');
  return {
    farModules({ request, have }) {
      const build = builds.find((one) => one.id === request.build);
      if (build === undefined) return Promise.reject(denied(`build ${request.build}`, 'it is not a build of this session'));
      if (request.kind === 'root') {
        return Promise.resolve(builder.closure(build, request.file, new Set(have)));
      }
      if (!build.has(request.from) && !have.includes(request.from))
        return Promise.reject(denied(request.from, 'it is no file of the build'));
      const known = build.targetOf(request.from, `${request.importKind}:${request.specifier}`);
      const target = known ?? builder.addLate(build, request.from, request.specifier, request.importKind).target;
      return Promise.resolve(builder.closure(build, target, new Set(have)));
    },
    lateModule: ({ from, specifier, importKind }) => {
      if (!current.has(from)) throw denied(from, 'it is no file of the build');
      return builder.addLate(current, from, specifier, importKind);
    },
  };
}

function denied(what: string, saw: string): ResproutError {
  return new ResproutError('REMOTE_MODULE_DENIED', `${what} is not served: ${saw}`, { tried: `serve ${what}`, saw });
}
