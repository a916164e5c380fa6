import assert from 'node:assert/strict';
import { brotliCompressSync } from 'node:zlib';
import { realClock } from '../../../src/platform/time/clock.ts';
import { realRandom } from '../../../src/platform/random.ts';
import { dial, type Ask, type Dialled, type DialRequest, type Recipe, type TransportLine } from '../../../src/remote/connect/index.ts';
import type { FarUser } from './far-user.ts';
import type { Rig } from '../rig.ts';

/**
 * A far core of a few lines: says `UP` and what it sees as JSON, then sends back what it gets, and ends with its link.
 */
const CORE = `
const fs = require('fs'), net = require('net');
const isSocket = fs.fstatSync(3).isSocket() && process.argv.length >= 0 && FORM === 'duplex';
const input = new net.Socket({ fd: 3, readable: true, writable: isSocket });
const output = isSocket ? input : new net.Socket({ fd: 4, readable: false, writable: true });
output.write('UP ' + JSON.stringify({ pid: process.pid, uid: process.getuid(), env: process.env, version: process.versions.node,
  captured: !isSocket && fs.fstatSync(5).isFIFO(), stdinIsNull: fs.fstatSync(0).isCharacterDevice() }) + '\\n');
input.on('data', (bytes) => output.write(bytes));
input.on('end', () => process.exit(0));
`;

/** What the far core says of itself. */
export interface FarFacts {
  readonly pid: number;
  readonly uid: number;
  readonly env: Readonly<Record<string, string>>;
  readonly version: string;
  readonly captured: boolean;
  readonly stdinIsNull: boolean;
}

/** The core as the first stage gets it. */
export function testCore(recipe: Recipe): Uint8Array {
  return brotliCompressSync(Buffer.from(CORE.replace('FORM', JSON.stringify(recipe.method === 'local' ? 'duplex' : 'split'))));
}

export interface DialWish {
  readonly ask?: Ask;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly lines?: TransportLine[];
  readonly env?: Readonly<Record<string, string>>;
  readonly boot?: Uint8Array;
}

/** `dial` with the test core and the environment of this process less its agent. */
export async function dialTest(recipe: Recipe, wish: DialWish = {}): Promise<Dialled> {
  const { SSH_AUTH_SOCK: _agent, ...env } = process.env;
  const request: DialRequest = {
    recipe,
    boot: wish.boot ?? testCore(recipe),
    ask: wish.ask,
    onLine: (line) => void wish.lines?.push(line),
    signal: wish.signal ?? new AbortController().signal,
    timeoutMs: wish.timeoutMs,
    seams: { clock: realClock, random: realRandom, env: { ...env, ...wish.env } },
  };
  return await dial(request);
}

/** Reads what the far core says first, then echoes some bytes through it, and ends it. */
export async function useAndEnd(dialled: Dialled): Promise<FarFacts> {
  try {
    return await talk(dialled);
  } finally {
    await dialled.kill();
  }
}

/** Reads what the far core says first, then checks that bytes come back. */
export async function talk({ link, lastWords }: Dialled): Promise<FarFacts> {
  let text = '';
  let wake = (): void => {};
  let isClosed = false;
  link.onData((bytes) => {
    text += Buffer.from(bytes).toString('latin1');
    wake();
  });
  link.onClose(() => {
    isClosed = true;
    wake();
  });
  const until = async (isThere: () => boolean): Promise<void> => {
    while (!isThere()) {
      if (isClosed) throw new Error(`the link ended after ${JSON.stringify(text)}; ${lastWords().join(' | ')}`);
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  await until(() => text.includes('\n'));
  const facts = JSON.parse(text.slice(3, text.indexOf('\n'))) as FarFacts;
  const ping = 'ping \0\xff~.\r\n end';
  link.send(Buffer.from(ping, 'latin1'));
  await until(() => text.endsWith(ping));
  return facts;
}

/** A recipe for a user of the rig. */
export function sshRecipe(rig: Rig, user: FarUser, configFile: string, more: object = {}): Recipe {
  return { method: 'ssh', name: 'far', host: '127.0.0.1', port: rig.port, user: user.name, configFile, ...more };
}

/** The error of a connect that must not succeed. */
export const problem = async (recipe: Recipe, wish: DialWish = {}) =>
  await dialTest(recipe, wish).then(
    async (dialled) => {
      await dialled.kill();
      assert.fail('it connected');
    },
    (error: unknown) => error as { code: string; message: string; problem: { saw?: string; tried?: string; do?: string } },
  );
