import { ResproutError } from '../../base/errors/errors.ts';
import type { Build, Builder } from '../../modules/index.ts';

/** How a recorded build differs from the files of today. */
export interface BuildDifference {
  /** Paths relative to the project root. */
  readonly differing: readonly string[];
  /** The warning when the lockfile is another one. */
  readonly packages: ResproutError | undefined;
}

/** Compares a build with what its entry file gives today. A file that cannot be built any more differs. */
export function compareBuild(builder: Builder, build: Build, entryFile: string): BuildDifference {
  let today: Build;
  try {
    today = builder.build(entryFile);
  } catch {
    return { differing: [relative(build, entryFile)], packages: undefined };
  }
  if (today.id === build.id) return { differing: [], packages: undefined };
  const files = new Set([...Object.keys(build.manifest.files), ...Object.keys(today.manifest.files)]);
  const differing = [...files]
    .filter((file) => build.manifest.files[file] !== today.manifest.files[file])
    .map((file) => relative(build, file));
  return { differing: differing.sort(), packages: packageChange(build, today) };
}

function relative(build: Build, file: string): string {
  const root = `${build.manifest.root}/`;
  return file.startsWith(root) ? file.slice(root.length) : file;
}

function packageChange(build: Build, today: Build): ResproutError | undefined {
  if (build.manifest.lockHash === today.manifest.lockHash) return undefined;
  return new ResproutError('BUILD_PACKAGES_CHANGED', 'the lockfile is not the one the session was recorded with', {
    tried: `resume with build ${build.id}`,
    saw: `packages of ${build.manifest.root} were installed or removed since`,
    kept: 'The session goes on with the packages of today',
  });
}
