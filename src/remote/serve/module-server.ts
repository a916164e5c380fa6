import type { ModuleBatch, ModuleRequest, ModuleServer } from '../../base/builds/build.ts';
import { ResproutError } from '../../base/errors/errors.ts';
import type { Build, Builder } from '../../modules/index.ts';
import { mainUnguarded, missingModule, nativeModule } from '../calls/refusals.ts';

/** What a module server answers from. */
export interface ModuleServerOptions {
  readonly builder: Builder;
  /** The build of an id that this server may answer for. @throws ResproutError BUILD_FILE_MISSING */
  readonly findBuild: (id: string) => Build;
}

/** Files that import one of these run tests when they are loaded: to a runner of tests they are what the program file is to Node. */
const TEST_RUNNERS: ReadonlySet<string> = new Set(['vitest', '@jest/globals']);

/**
 * Refuses a closure that would run the program or its tests again, or that cannot be loaded for sure: before anything is sent.
 * @throws ResproutError REMOTE_MAIN_UNGUARDED, REMOTE_MODULE_MISSING, REMOTE_MODULE_DENIED
 */
export function checkClosure(builder: Builder, build: Build, target: string): void {
  const closure = builder.closureOf(build, target);
  if (closure.reachesEntry) {
    const { table } = build.artefacts(build.manifest.entry);
    const [statement] = table.unguarded;
    if (statement !== undefined) throw mainUnguarded(table.path, statement);
  }
  for (const file of closure.files.keys()) {
    if (!build.has(file)) continue;
    const { table } = build.artefacts(file);
    const [statement] = table.unguarded;
    if (statement !== undefined && table.imports.some(({ specifier }) => TEST_RUNNERS.has(specifier ?? '')))
      throw mainUnguarded(table.path, statement);
  }
  const missing = closure.missing.find(({ certain }) => certain);
  if (missing !== undefined) throw missingModule(missing.specifier, missing.from);
  const native = closure.natives.find(({ certain }) => certain);
  if (native !== undefined) throw nativeModule(native.file, native.from);
}

/** Answers module requests from builds. The far side names importer and specifier only; the policy is the builder's. */
export function createModuleServer({ builder, findBuild }: ModuleServerOptions): ModuleServer {
  const rootOf = (build: Build, file: string): string => {
    const targets = [build.manifest, ...build.late].some(({ resolution }) =>
      Object.values(resolution).some((table) => Object.values(table).includes(file)),
    );
    if (build.has(file) || targets) return file;
    throw new ResproutError('REMOTE_MODULE_DENIED', `${file} is not part of build ${build.id} (rule: graph)`);
  };
  const answer = (request: ModuleRequest, have: ReadonlySet<string>): ModuleBatch => {
    const build = findBuild(request.build);
    if (request.kind === 'root') {
      const file = rootOf(build, request.file);
      checkClosure(builder, build, file);
      return builder.closure(build, file, have);
    }
    const { from, specifier, serve = [] } = request;
    if (!build.has(from) && !have.has(from))
      throw new ResproutError('REMOTE_MODULE_DENIED', `${JSON.stringify(from)} was not served from build ${build.id} (rule: graph)`);
    if (request.kind === 'data') {
      const data = builder.dataFile(build, { from, specifier, serve });
      return { build: build.id, target: data.path, files: [], resolution: {}, data };
    }
    const { importKind } = request;
    const { target } = builder.addLate(build, from, specifier, importKind, { serve });
    checkClosure(builder, build, target);
    const batch = builder.closure(build, target, have);
    return { ...batch, resolution: { ...batch.resolution, [from]: { ...batch.resolution[from], [`${importKind}:${specifier}`]: target } } };
  };
  return {
    serve(request, have, signal) {
      try {
        signal.throwIfAborted();
        return Promise.resolve(answer(request, have));
      } catch (error) {
        return Promise.reject(error);
      }
    },
  };
}
