// Mitogen, which opens contexts of Python as we open contexts of Node, in an environment of its own beside ../peers/mitogen.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

const FOLDER = path.join(import.meta.dirname, '../peers/mitogen');
const PYTHON = path.join(FOLDER, 'node_modules/venv/bin/python');
const INSTALL = 'python3 -m venv node_modules/venv && node_modules/venv/bin/pip install --quiet -r requirements.txt';
const START_MS = 30_000;
const ORDER_MS = 120_000;

/** What it is told to do. `depth`: of the context in a chain; `via`: the new contexts are children of another one. */
export type MitogenOrder =
  | { readonly kind: 'calls'; readonly depth: number; readonly count: number; readonly flight: number }
  | { readonly kind: 'argument'; readonly depth: number }
  | { readonly kind: 'open'; readonly count: number; readonly via: boolean }
  /** Its FileService: a file goes from here to a context. */
  | { readonly kind: 'file'; readonly depth: number; readonly from: string; readonly to: string }
  /** A new context through `ssh`, which counts, and so many calls of it. */
  | { readonly kind: 'bytes'; readonly count: number; readonly ssh: string };

export interface Mitogen extends AsyncDisposable {
  /** @returns ms that it took; of `bytes` how many there were */
  run(order: MitogenOrder): Promise<number>;
}

/** Installs what ../peers/mitogen/requirements.txt says. Needs the network, once. @returns why it is not there */
export function missingMitogen(): string | undefined {
  if (existsSync(PYTHON)) return undefined;
  console.error(`bench/peers/mitogen: installing it: ${INSTALL}`);
  const install = spawnSync(INSTALL, { cwd: FOLDER, shell: true, stdio: ['ignore', 'ignore', 'inherit'] });
  return install.status === 0 ? undefined : `it cannot be installed: cd bench/peers/mitogen && ${INSTALL}`;
}

/** Starts it. */
export async function openMitogen(): Promise<Mitogen> {
  const child = spawn(PYTHON, [path.join(FOLDER, 'peer.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const lineWith = async (word: string, limitMs: number): Promise<string> => {
    const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
    try {
      for (;;) {
        const { value, done } = await lines.next();
        if (done === true) throw new Error('the peer ended');
        if (value.startsWith(word)) return value.slice(word.length);
      }
    } finally {
      clearTimeout(limit);
    }
  };
  await lineWith('ready', START_MS);
  return {
    async run(order) {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      return Number(await lineWith('took ', ORDER_MS));
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await once(child, 'close');
    },
  };
}
