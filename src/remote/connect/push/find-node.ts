// Which Node is put on a far side, and what it needs there.
import { open, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ResproutError, toError } from '../../../base/errors/errors.ts';
import type { PushNode } from '../recipe.ts';
import { isNewEnough, parseNodeVersion } from '../start/node-version.ts';
import { readElf, type Elf } from './elf.ts';
import { WITH_LIBRARIES, withAll } from './far-text.ts';
import { textFile, type PushedFile, type PushedFiles } from './pushed-file.ts';

/** A Node for a far side. */
export interface NodeToPush {
  /** For messages: `Node 26.10.0`, or the path of its file. */
  readonly name: string;
  readonly node: PushedFile;
  /** What is put beside it where it does not run with what the system has. */
  readonly libraries: readonly PushedFile[];
}

/** Machines as `uname -m` says them, as Node calls them. */
const ARCHES: Readonly<Record<string, string>> = {
  x86_64: 'x64',
  amd64: 'x64',
  aarch64: 'arm64',
  arm64: 'arm64',
  ppc64le: 'ppc64',
  s390x: 's390x',
  riscv64: 'riscv64',
  loongarch64: 'loong64',
};

/** Libraries that are one with the loader: they are used with it or not at all. */
const OF_LIBC = /^(ld-|ld64|libc\.|libm\.|libdl\.|libpthread\.|librt\.|libresolv\.|libnss_|libutil\.|libanl\.|libmvec\.)/;
/** Loaded by name when it looks up hosts, in systems whose libc does not have them in itself. */
const LOADED_LATER = ['libnss_dns.so.2', 'libnss_files.so.2', 'libresolv.so.2'];

async function elfOf(path: string): Promise<Elf | undefined> {
  const file = await open(path);
  try {
    return await readElf(file);
  } finally {
    await file.close();
  }
}

function impossible(why: string, system: string, cure: string): ResproutError {
  return new ResproutError('REMOTE_PUSH_IMPOSSIBLE', why, { tried: `find a Node for ${system}`, saw: why, do: cure });
}

/** The libraries that this process has loaded, by the names under which they are sought. */
async function loadedLibraries(): Promise<ReadonlyMap<string, string>> {
  const maps = await readFile('/proc/self/maps', 'utf8');
  const paths = new Set([...maps.matchAll(/ (\/\S+\.so(?:\.[\d.]+)?)$/gm)].map(([, path = '']) => path));
  const found = new Map<string, string>();
  for (const path of paths) {
    const soname = (await elfOf(path).catch(() => undefined))?.soname;
    if (soname !== undefined) found.set(soname, path);
  }
  return found;
}

/** Everything that the Node of this process needs to run, loader included. Empty where that cannot be told. */
async function librariesOf(elf: Elf, files: PushedFiles): Promise<readonly PushedFile[]> {
  const { interpreter } = elf;
  if (interpreter === undefined) return [];
  const loaded = await loadedLibraries();
  const wanted = new Map<string, string>([[basename(interpreter), await realpath(interpreter)]]);
  for (let names = [...elf.needed]; names.length > 0;) {
    const name = names.pop() ?? '';
    const path = loaded.get(name);
    if (path === undefined || wanted.has(name)) continue;
    wanted.set(name, path);
    names = [...names, ...((await elfOf(path))?.needed ?? [])];
  }
  const libc = loaded.get('libc.so.6');
  for (const name of libc === undefined ? [] : LOADED_LATER) {
    const path = join(dirname(libc ?? ''), name);
    if (!wanted.has(name) && (await stat(path).catch(() => undefined)) !== undefined) wanted.set(name, path);
  }
  const libraries = [...wanted].map(([name, path]) => files.programFile(`${OF_LIBC.test(name) ? 'libc' : 'lib'}/${name}`, path));
  return [
    ...(await Promise.all(libraries)),
    textFile('with-libraries', WITH_LIBRARIES),
    textFile('with-all', withAll(basename(interpreter))),
  ];
}

/** A Node of the primer's cache for another machine, newest first: they are kept as `VERSION-PLATFORM-HASH`. */
async function cachedNode(
  cacheFolder: string | undefined,
  arch: string,
): Promise<{ readonly path: string; readonly version: string } | undefined> {
  if (cacheFolder === undefined) return undefined;
  const names = await readdir(join(cacheFolder, 'node')).catch(() => []);
  const found = names.flatMap((name) => {
    const [, said = '', platform] = /^(\d+\.\d+\.\d+)-([a-z0-9]+-[a-z0-9]+)-[0-9a-f]+$/.exec(name) ?? [];
    const version = parseNodeVersion(said);
    const isFit = platform === `linux-${arch}` && version !== undefined && isNewEnough(version);
    return isFit ? [{ version, path: join(cacheFolder, 'node', name, 'bin/node') }] : [];
  });
  return found.toSorted((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true }))[0];
}

/** @throws ResproutError REMOTE_PUSH_IMPOSSIBLE when it is no program for this machine */
async function otherNode(path: string, name: string, arch: string, system: string, files: PushedFiles): Promise<NodeToPush> {
  const cure = `Give the file of a Node for Linux ${arch}: pushNode: { file: '/path/of/bin/node' }`;
  try {
    const elf = await elfOf(path);
    if (elf?.arch !== arch)
      throw impossible(
        `${path} is ${elf === undefined ? 'no program of Linux' : `for ${elf.arch}`}, and the far side is ${system}`,
        system,
        cure,
      );
    return { name, node: await files.programFile('node', path), libraries: [] };
  } catch (error) {
    if (error instanceof ResproutError) throw error;
    throw impossible(`${path} cannot be read: ${toError(error).message}`, system, cure);
  }
}

/**
 * Finds the Node for a far side: the file that the user named, else the one of this process, else one of the cache.
 *
 * @param system what `uname -sm` says there
 * @throws ResproutError REMOTE_PUSH_IMPOSSIBLE
 */
export async function findNode(
  system: string,
  { file }: PushNode,
  files: PushedFiles,
  cacheFolder: string | undefined,
): Promise<NodeToPush> {
  const [kind = '', machine = ''] = system.split(' ');
  const arch = ARCHES[machine];
  if (kind !== 'Linux' || arch === undefined)
    throw impossible(
      `there is no Node to be put on ${system === '' ? 'a system without a name' : system}: that is done for Linux of 64 bits`,
      system,
      'Install Node 22.18 or newer there',
    );
  if (file !== undefined) return otherNode(file, file, arch, system, files);
  const own = await realpath(process.execPath);
  const elf = process.platform === 'linux' ? await elfOf(own) : undefined;
  if (elf?.arch === arch) {
    const [node, libraries] = await Promise.all([files.programFile('node', own), librariesOf(elf, files)]);
    return { name: `Node ${process.versions.node}`, node, libraries };
  }
  const cached = await cachedNode(cacheFolder, arch);
  if (cached !== undefined) return otherNode(cached.path, `Node ${cached.version}`, arch, system, files);
  throw impossible(
    `the Node of this program is for ${process.platform}-${process.arch}, the far side is linux-${arch}, and none for it is here`,
    system,
    `Get one, such as by \`npm pack node-linux-${arch}@${process.versions.node}\` and \`tar xf\`, and name its file: pushNode: { file: '/path/of/package/bin/node' }`,
  );
}
