// The far half of `resprout doctor`: a module that travels when it is used. Nothing of what it looks at is changed.
import { execFile } from 'node:child_process';
import { access, constants, mkdtemp, rm, statfs } from 'node:fs/promises';
import module from 'node:module';
import os from 'node:os';
import path from 'node:path';

/** A folder that programs want to write to. */
export interface FolderFacts {
  readonly path: string;
  /** Why it cannot be written; absent when it can. */
  readonly problem?: string | undefined;
  readonly freeBytes: number;
}

/** What a far side says of itself. */
export interface FarFacts {
  readonly user: string;
  readonly shell: string;
  readonly system: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly freeMemoryBytes: number;
  readonly folders: readonly FolderFacts[];
  /** What this Node was built without, and is wanted. */
  readonly missing: readonly string[];
  /** What the shell text has printed. */
  readonly listing: string;
}

const LISTING_MS = 30_000;

/** Milliseconds since 1970 by the clock there. */
export function now(): number {
  return Date.now();
}

/** @param listing shell text that lists every Node that the far side has; @param mark its `$0` */
export async function look(listing: string, mark: string): Promise<FarFacts> {
  const home = os.homedir();
  return {
    user: userName(),
    shell: process.env['SHELL'] ?? '',
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    cpus: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    freeMemoryBytes: os.freemem(),
    folders: await Promise.all([scratch(os.tmpdir()), folderFacts(home)]),
    missing: missing(),
    listing: await shell(listing, mark),
  };
}

function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    // A uid without a name, as in many containers.
    return String(process.getuid?.() ?? '');
  }
}

/** A folder for temporary files is tried, not asked: it may be full, or of a read-only disk. */
async function scratch(folder: string): Promise<FolderFacts> {
  const facts = await folderFacts(folder);
  if (facts.problem !== undefined) return facts;
  try {
    const made = await mkdtemp(path.join(folder, 'resprout-doctor-'));
    await rm(made, { recursive: true });
    return facts;
  } catch (error) {
    return { ...facts, problem: wordOf(error) };
  }
}

async function folderFacts(folder: string): Promise<FolderFacts> {
  const freeBytes = await statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
  const problem = await access(folder, constants.W_OK).then(() => undefined, wordOf);
  return { path: folder, freeBytes, problem };
}

const wordOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

function missing(): readonly string[] {
  const { config, features, versions } = process;
  const variables = config.variables as unknown as Readonly<Record<string, unknown>>;
  return [
    ...('registerHooks' in module ? [] : ['module.registerHooks']),
    ...(versions.openssl === undefined ? ['crypto (OpenSSL)'] : []),
    ...(variables['v8_enable_i18n_support'] === 0 ? ['Intl'] : variables['icu_small'] === true ? ['Intl of all languages'] : []),
    ...(features.inspector ? [] : ['inspector']),
  ];
}

function shell(text: string, mark: string): Promise<string> {
  return new Promise((resolve) => {
    // Its exit code is that of the last candidate: what it printed counts.
    execFile('sh', ['-c', text, mark], { timeout: LISTING_MS, maxBuffer: 65_536 }, (_error, stdout) => resolve(stdout));
  });
}
