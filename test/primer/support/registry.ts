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
function packTiny(work: string): ServedPackage {
  const folder = path.join(work, 'tiny', 'package');
  mkdirSync(folder, { recursive: true });
  const kinds = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish', 'preprepare', 'postprepare'];
  const scripts = Object.fromEntries(kinds.map((kind) => [kind, `touch "$INIT_CWD/mark-${kind}" mark-${kind}`]));
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'tiny', version: '1.0.0', main: 'index.js', scripts }));
  writeFileSync(path.join(folder, 'index.js'), 'module.exports = 42;\n');
  return packFolder(folder, work, 'tiny', '1.0.0');
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
  const tiny = packTiny(work);
  let node = packNode(work, 'node');
  const requests: string[] = [];
  const registry = { delayMs: 0 };
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    requests.push(`${request.method ?? ''} ${url}`);
    const served = [node, npm, tiny].find(({ name }) => url === `/${name}` || url.startsWith(`/${name}/-/`));
    if (served === undefined) {
      response.writeHead(404).end('{}');
    } else if (url.includes('/-/')) {
      setTimeout(() => response.end(readFileSync(served.tgz)), registry.delayMs).unref();
    } else {
      const { name, version, integrity } = served;
      const tarball = `http://${request.headers.host ?? ''}/${name}/-/${name}-${version}.tgz`;
      const manifest = { name, version, dist: { tarball, integrity } };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions: { [version]: manifest } }));
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
