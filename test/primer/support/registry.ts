// A package registry on loopback with three small packages: a Node, the npm of this machine, and one with install scripts.
// Primers under test talk to it through their own npm settings, as they would to a company's mirror.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A package that the registry serves. */
interface ServedPackage {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
  readonly tgz: string;
}

export interface TestRegistry {
  readonly url: string;
  readonly node: ServedPackage;
  readonly npm: ServedPackage;
  readonly tiny: ServedPackage;
  /** Requests so far, as `METHOD /path`. */
  readonly requests: string[];
  /** From now on the Node package is another one, with hashes that fit it: what a bad mirror would do. */
  tamper(): void;
  /** Serves a package of these files, or what is served already under another name and version. */
  serve(name: string, version: string, what: Readonly<Record<string, string>> | ServedPackage): void;
  /** Serves what lies in a folder; its integrity. */
  serveFolder(name: string, version: string, folder: string): string;
  /** Serves `tiny` in one more version; its integrity. */
  publish(version: string): string;
  /** Waits this long before every tarball. */
  delayMs: number;
  close(): Promise<void>;
}

const integrityOf = (file: string): string => `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;

function packFolder(folder: string, into: string, name: string, version: string): ServedPackage {
  const tgz = path.join(into, `${name}-${version}-${path.basename(path.dirname(folder))}.tgz`);
  const packed = spawnSync('tar', [
    '-czf',
    tgz,
    '--transform',
    `s,^${path.basename(folder)},package,`,
    '-C',
    path.dirname(folder),
    path.basename(folder),
  ]);
  if (packed.status !== 0) throw new Error(`tar failed: ${String(packed.stderr)}`);
  return { name, version, integrity: integrityOf(tgz), tgz };
}

/** A Node package whose binary hands over to the Node that runs the tests. */
function packNode(work: string, label: string): ServedPackage {
  const folder = path.join(work, label, 'package');
  mkdirSync(path.join(folder, 'bin'), { recursive: true });
  const version = process.versions.node;
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'node-test', version }));
  writeFileSync(path.join(folder, 'bin/node'), `#!/bin/sh\n# ${label}\nexec '${process.execPath}' "$@"\n`, { mode: 0o755 });
  return packFolder(folder, work, 'node-test', version);
}

/** One with all kinds of install scripts; each would leave a file. */
function packTiny(work: string, version: string): ServedPackage {
  const folder = path.join(work, `tiny-${version}`, 'package');
  mkdirSync(folder, { recursive: true });
  const kinds = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish', 'preprepare', 'postprepare'];
  const scripts = Object.fromEntries(kinds.map((kind) => [kind, `touch "$INIT_CWD/mark-${kind}" mark-${kind}`]));
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'tiny', version, main: 'index.js', scripts }));
  writeFileSync(path.join(folder, 'index.js'), 'module.exports = 42;\n');
  return packFolder(folder, work, 'tiny', version);
}

const isServed = (what: Readonly<Record<string, string>> | ServedPackage): what is ServedPackage => 'tgz' in what;

function packFiles(work: string, name: string, version: string, files: Readonly<Record<string, string>>): ServedPackage {
  const folder = path.join(work, `${name}-${version}`, 'package');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version }));
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
  return packFolder(folder, work, name, version);
}

/** npm as a folder: the one whose command comes first on PATH and is a script of Node. */
export function npmFolder(): string {
  for (const folder of (process.env['PATH'] ?? '').split(':')) {
    try {
      const file = realpathSync(path.join(folder, 'npm'));
      if (file.endsWith('/bin/npm-cli.js')) return path.dirname(path.dirname(file));
    } catch {
      // No npm in this folder.
    }
  }
  throw new Error('these tests need npm on PATH');
}

function versionIn(folder: string): string {
  const manifest: unknown = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  throw new Error(`${folder} has no version`);
}

/** Starts a registry on a free port of loopback. */
export async function startRegistry(): Promise<TestRegistry> {
  const work = mkdtempSync(path.join(tmpdir(), 'registry-'));
  const npmSource = npmFolder();
  const npm = packFolder(npmSource, work, 'npm', versionIn(npmSource));
  const tiny = packTiny(work, '1.0.0');
  const tinies = [tiny];
  const others = new Map<string, ServedPackage[]>();
  let node = packNode(work, 'node');
  const requests: string[] = [];
  const registry = { delayMs: 0 };
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    requests.push(`${request.method ?? ''} ${url}`);
    const served = [[node], [npm, ...(others.get('npm') ?? [])], tinies, ...others.values()].find(
      ([first]) => url === `/${first?.name ?? ''}` || url.startsWith(`/${first?.name ?? ''}/-/`),
    );
    const tarball = served?.find(({ name, version }) => url === `/${name}/-/${name}-${version}.tgz`);
    if (tarball !== undefined) {
      setTimeout(() => response.end(readFileSync(tarball.tgz)), registry.delayMs).unref();
    } else if (served === undefined || url.includes('/-/')) {
      response.writeHead(404).end('{}');
    } else {
      const versions = served.map(({ name, version, integrity }) => {
        const address = `http://${request.headers.host ?? ''}/${name}/-/${name}-${version}.tgz`;
        return [version, { name, version, dist: { tarball: address, integrity } }] as const;
      });
      response.setHeader('content-type', 'application/json');
      const latest = versions.at(-1)?.[0];
      response.end(JSON.stringify({ name: served[0]?.name, 'dist-tags': { latest }, versions: Object.fromEntries(versions) }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is always of this kind.
  const { port } = server.address() as AddressInfo;
  return Object.assign(registry, {
    url: `http://127.0.0.1:${port}/`,
    node,
    npm,
    tiny,
    requests,
    serve: (name: string, version: string, what: Readonly<Record<string, string>> | ServedPackage) => {
      const list = others.get(name) ?? [];
      others.set(name, list);
      // The name of the first decides which list is asked.
      list.push(isServed(what) ? { ...what, name, version } : packFiles(work, name, version, what));
    },
    serveFolder: (name: string, version: string, folder: string) => {
      const packed = packFolder(realpathSync(folder), work, name, version);
      others.set(name, [...(others.get(name) ?? []), packed]);
      return packed.integrity;
    },
    publish: (version: string) => {
      const raised = packTiny(work, version);
      tinies.push(raised);
      return raised.integrity;
    },
    tamper: () => {
      node = packNode(work, 'tampered');
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(work, { recursive: true, force: true });
    },
  });
}
