// Packages whose own tests and examples are the programs: fetched by their lock file (exact versions, integrity) into a cache of the
// user, never into the repository.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const HERE = import.meta.dirname;
const FILES = ['package.json', 'package-lock.json'] as const;

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Names of the packages, as package.json lists them. */
export function packageNames(): string[] {
  const manifest = JSON.parse(readFileSync(path.join(HERE, 'package.json'), 'utf8')) as Manifest;
  return Object.keys(manifest.dependencies).sort();
}

function cacheFolder(): string {
  const given = process.env['XDG_CACHE_HOME'];
  return given === undefined || given === '' ? os.tmpdir() : given;
}

function install(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of FILES) cpSync(path.join(HERE, name), path.join(folder, name));
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps'], {
    cwd: folder,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`npm ci in ${folder}: exit ${status}`);
  // Outside of node_modules they are programs of a user, not packages: their libraries are examined with them.
  for (const name of packageNames())
    cpSync(path.join(folder, 'node_modules', name), path.join(folder, 'programs', name), { recursive: true });
}

/** @returns the folder of the programs: a folder per package; fetched when it is not there */
export function fetchPackages(): string {
  const lock = readFileSync(path.join(HERE, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex').slice(0, 12);
  const folder = path.join(cacheFolder(), `resprout-foreign-${hash}`);
  const done = path.join(folder, 'done');
  if (!existsSync(done)) {
    const fresh = `${folder}.${process.pid}`;
    install(fresh);
    writeFileSync(path.join(fresh, 'done'), '');
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  }
  return path.join(folder, 'programs');
}
