// Data files that a far side may read: of the packages that it may load, those that the program's own files name beside themselves, and those that
// a pattern names. The names of secrets stay here, and each is bounded.
import { dirname, join } from 'node:path';
import type { DataFile } from '../../base/builds/build.ts';
import { ResproutError } from '../../base/errors/errors.ts';
import type { Disk } from '../../base/seams/disk.ts';
import type { Build } from '../build/build-object.ts';
import { dataNames } from '../imports/data-names.ts';
import { moduleDenied, type ServingPolicy } from './policy.ts';

/** Bytes of one data file. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Data files that the user files of a build name: real paths, or the path as it is named where there is nothing. Those of the project, and those
 * below the module that names them: a link leads no further.
 */
export function namedDataFiles(build: Build, disk: Disk): ReadonlySet<string> {
  const found = new Set<string>();
  for (const file of build.files()) {
    const { lowered, table } = build.artefacts(file);
    if (table.format === 'json') continue;
    for (const name of dataNames(lowered, table.format, file)) {
      const real = disk.realPath(name);
      const place = real ?? name;
      const isInside = [build.manifest.root, dirname(file)].some((folder) => place.startsWith(`${folder}/`));
      if (isInside && (real === undefined || disk.stat(real)?.isFile === true)) found.add(place);
    }
  }
  return found;
}

/** Who asks for what. */
export interface DataRequest {
  readonly from: string;
  /** Relative to the file that asks. */
  readonly specifier: string;
  /** Patterns of the opener of the context. */
  readonly serve: readonly string[];
}

/** The bytes of a data file. @throws ResproutError REMOTE_MODULE_DENIED, REMOTE_MODULE_MISSING */
export function readDataFile(
  { from, serve, specifier }: DataRequest,
  policy: ServingPolicy,
  named: ReadonlySet<string>,
  disk: Disk,
): DataFile {
  const what = `the data file "${specifier}"`;
  const bad = specifier.startsWith('.')
    ? policy.denySpecifier(specifier, from)
    : ({ rule: 'specifier', why: 'it is not relative' } as const);
  if (bad !== undefined) throw moduleDenied(what, from, bad);
  const path = join(dirname(from), specifier);
  const real = disk.realPath(path);
  // Whether a file is there is told of those places only from which files leave.
  const denial = policy.denyData(real ?? path, serve, named);
  if (denial !== undefined) throw moduleDenied(what, from, denial);
  const facts = real === undefined ? undefined : disk.stat(real);
  if (real === undefined || facts === undefined) throw missing(path, 'there is no such file on the controller');
  if (!facts.isFile) throw missing(path, 'it is no file on the controller');
  if (facts.bytes > MOST_BYTES)
    throw moduleDenied(what, from, {
      rule: 'size',
      why: `it has ${facts.bytes} bytes, ${MOST_BYTES} may travel so; context.files.put takes it there`,
    });
  const bytes = disk.read(real);
  if (bytes === undefined) throw missing(path, 'there is no such file on the controller');
  return { path, bytes };
}

function missing(path: string, saw: string): ResproutError {
  return new ResproutError('REMOTE_MODULE_MISSING', `${path}: ${saw}`, { saw });
}
