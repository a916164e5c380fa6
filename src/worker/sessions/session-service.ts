import type { FileResolution, LateFiles, ModuleBatch } from '../../base/builds/build.ts';
import { ResproutError } from '../../base/errors/errors.ts';
import type { FarModuleRequest, LateRequest } from '../../durable/journal/runner/runner-messages.ts';
import type { Build, Builder } from '../../modules/index.ts';
import { createModuleServer } from '../../remote/serve/module-server.ts';

/** What the owner answers for one session: it alone resolves, lowers and decides policy. */
export interface BuildService {
  /** @throws ResproutError REMOTE_MODULE_DENIED, REMOTE_MODULE_MISSING, REMOTE_MAIN_UNGUARDED, BUILD_FILE_MISSING */
  farModules(request: FarModuleRequest, signal: AbortSignal): Promise<ModuleBatch>;
  /** On disk before it returns. @throws ResproutError as far modules, and of the builder */
  lateModule(request: LateRequest): LateFiles;
}

/** A far side may ask for what this session has run, and for nothing else. The first build is the one that runs now. */
export function buildService(builder: Builder, builds: readonly [Build, ...Build[]]): BuildService {
  const [current] = builds;
  const server = createModuleServer({
    builder,
    findBuild(id) {
      const build = builds.find((one) => one.id === id);
      if (build === undefined) throw denied(`build ${id}`, 'it is not a build of this session');
      return build;
    },
  });
  return {
    farModules: ({ request, have }, signal) => server.serve(request, new Set(have), signal),
    lateModule: ({ from, specifier, importKind }) => {
      if (!current.has(from)) throw denied(from, 'it is no file of the build');
      return withEarlier(current, builder.addLate(current, from, specifier, importKind));
    },
  };
}

/**
 * What the session asks for may have come with a request of a far context before, which the session's process has not heard of:
 * every answer brings all late files.
 */
function withEarlier(build: Build, added: LateFiles): LateFiles {
  const files: Record<string, string> = {};
  const resolution: Record<string, FileResolution> = {};
  for (const late of [...build.late, added]) {
    Object.assign(files, late.files);
    for (const [file, targets] of Object.entries(late.resolution)) resolution[file] = { ...resolution[file], ...targets };
  }
  return { ...added, files, resolution };
}

function denied(what: string, saw: string): ResproutError {
  return new ResproutError('REMOTE_MODULE_DENIED', `${what} is not served: ${saw}`, { tried: `serve ${what}`, saw });
}
