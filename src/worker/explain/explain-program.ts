import { objectOf } from '../../base/builds/read-fields.ts';
import { parseSites } from '../../base/builds/build-parse.ts';
import type { Disk } from '../../base/seams/disk.ts';
import { builtinModule } from '../../platform/engine/builtins.ts';
import { durableExtension } from '../../durable/transform/index.ts';
import { createBuilder, packageNameOf, type FileExtension, type PackageReport, type ServedList } from '../../modules/index.ts';
import { classOf, originsOf, type CallClass, type Origin } from './call-classes.ts';

/** One call of the program. */
export interface ExplainedCall {
  /** Relative to the project root. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Text of the callee. */
  readonly callee: string;
  readonly class: CallClass;
}

/** What a session would make of a program. */
export interface Explanation {
  readonly packages: readonly PackageReport[];
  readonly calls: readonly ExplainedCall[];
  /** What far sides may get, when that was asked for. */
  readonly served?: ServedList | undefined;
}

interface SeenFile {
  readonly file: string;
  readonly path: string;
  readonly origins: ReadonlyMap<string, Origin>;
  readonly sites: ReturnType<typeof parseSites>;
}

/** Sites that are no calls: what is awaited, iterated, spread. */
const NO_CALL = /^(?:await |for |yield\*|async yield\*|\.\.\.|const \[|\[|f\(\.\.\.)/;

/** The extension of sessions, which tells what it sees of each file. */
function watching(seen: SeenFile[]): FileExtension {
  const extension = durableExtension();
  return {
    ...extension,
    extend(file) {
      const made = extension.extend(file);
      const sites = parseSites(objectOf(made.table, 'table').value);
      seen.push({ file: file.file, path: file.path, origins: originsOf(file.program), sites });
      return made;
    },
  };
}

/**
 * Looks at a program as a session would, and runs nothing of it.
 *
 * @param scanFolder the user's cache of what files of packages use
 * @param withServed also lists what far sides may get
 * @throws ResproutError TRANSFORM_SYNTAX, TRANSFORM_UNSUPPORTED, RUN_FILE_MISSING, CONFIG_INVALID
 */
export function explainProgram(entryFile: string, disk: Disk, scanFolder: string | undefined, withServed = false): Explanation {
  const seen: SeenFile[] = [];
  // In memory: every file is looked at anew.
  const builder = createBuilder({ disk, extend: watching(seen), scanFolder });
  const build = builder.build(entryFile);
  const packages = builder.packagesOf(build);
  const treatments = new Map(packages.map(({ name, treat }) => [name, treat]));
  const calls = seen.flatMap(({ file, path, origins, sites }) => {
    const known = {
      isBuiltin: (specifier: string) => builtinModule(specifier) !== undefined,
      treatOf(specifier: string) {
        const target = build.targetOf(file, `i:${specifier}`) ?? build.targetOf(file, `r:${specifier}`);
        const name = target === undefined ? undefined : packageNameOf(target);
        return name === undefined ? undefined : treatments.get(name);
      },
    };
    return sites
      .filter(({ label }) => !NO_CALL.test(label))
      .map(({ label, line, column }) => ({ file: path, line, column, callee: label, class: classOf(label, origins, known) }));
  });
  return {
    packages,
    ...(withServed ? { served: builder.servedOf(build) } : {}),
    calls: calls.toSorted((a, b) => (a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1)),
  };
}
