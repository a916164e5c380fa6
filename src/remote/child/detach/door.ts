// Where a detached process is found: a socket in a folder of its own. Who connects says the secret first; who says anything else is shown out.
// Invariants:
//   D1. Nothing is read of a connection but one line, and nothing is told to it before that was the secret.
//   D2. One is let in, ever: the socket and its folder are gone before it is.
import { createHash, timingSafeEqual } from 'node:crypto';
import { chmodSync, lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A connection says the secret within this time. */
const SECRET_MS = 5000;
const MOST_SECRET_BYTES = 128;
/** Connections that have not said it yet. */
const MOST_WAITING = 8;
/** What the folders are called; six random characters follow. */
const PREFIX = 'resprout-detached-';
/** A folder without a socket may be of one that begins just now. */
const FRESH_MS = 60_000;
const MOST_SWEPT = 100;
/** The path of a socket has room for about 100 bytes. */
const MOST_FOLDER_CHARS = 60;

/** A door that can be knocked at. */
export class Door {
  readonly folder: string;
  readonly #server: Server;
  readonly #hash: Buffer;
  readonly #waiting = new Set<Socket>();
  #onEnter: ((socket: Socket) => void) | undefined;
  #isShut = false;

  constructor(secret: string) {
    this.#hash = hashOf(secret);
    this.folder = mkdtempSync(join(placeOfFolders(), PREFIX));
    this.#server = createServer((socket) => this.#knock(socket));
    this.#server.maxConnections = MOST_WAITING;
  }

  get path(): string {
    return join(this.folder, 's');
  }

  /** Listens. Nobody is let in before `open`. @throws the system's error */
  async listen(): Promise<void> {
    await sweep(placeOfFolders());
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.path, resolve);
    });
    this.#server.on('error', () => this.shut());
    chmodSync(this.path, 0o600);
  }

  /** From now on the first that knows the secret is let in, with what it has said behind it still unread. */
  open(onEnter: (socket: Socket) => void): void {
    this.#onEnter = onEnter;
  }

  /** Takes socket and folder away. Twice is fine. */
  shut(): void {
    if (this.#isShut) return;
    this.#isShut = true;
    this.#server.close();
    for (const socket of this.#waiting) socket.destroy();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #knock(socket: Socket): void {
    this.#waiting.add(socket);
    let held = Buffer.alloc(0);
    const turnAway = (): void => void socket.destroy();
    const timer = setTimeout(turnAway, SECRET_MS);
    const onData = (bytes: Buffer): void => {
      held = Buffer.concat([held, bytes]);
      const at = held.indexOf(0x0a);
      if (at < 0 && held.length <= MOST_SECRET_BYTES) return;
      const onEnter = this.#onEnter;
      if (at < 0 || onEnter === undefined || !this.#isRight(held.subarray(0, at))) return turnAway();
      socket.off('data', onData).off('error', turnAway).off('close', gone).pause();
      gone();
      if (at + 1 < held.length) socket.unshift(held.subarray(at + 1));
      this.shut();
      onEnter(socket);
    };
    const gone = (): void => {
      clearTimeout(timer);
      this.#waiting.delete(socket);
    };
    socket.on('data', onData).on('error', turnAway).on('close', gone);
  }

  #isRight(secret: Uint8Array): boolean {
    return timingSafeEqual(hashOf(secret), this.#hash);
  }
}

function hashOf(secret: string | Uint8Array): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Not the folder of a login: it goes with the last one. */
function placeOfFolders(): string {
  return tmpdir().length > MOST_FOLDER_CHARS ? '/tmp' : tmpdir();
}

/** Removes what processes left behind that were killed. What cannot be removed stays. */
async function sweep(place: string): Promise<void> {
  const names = readdirSync(place).filter((name) => name.startsWith(PREFIX));
  for (const name of names.slice(0, MOST_SWEPT)) {
    const folder = join(place, name);
    if (!(await isLeft(folder))) continue;
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another process sweeps too.
    }
  }
}

/** Whether a folder is ours, and nobody listens there any more. */
async function isLeft(folder: string): Promise<boolean> {
  try {
    const facts = lstatSync(folder);
    if (!facts.isDirectory() || facts.uid !== process.getuid?.() || Date.now() - facts.mtimeMs < FRESH_MS) return false;
  } catch {
    return false;
  }
  return await new Promise((resolve) => {
    const socket = connect(join(folder, 's'));
    const settle = (isGone: boolean): void => {
      socket.destroy();
      resolve(isGone);
    };
    socket.setTimeout(1000, () => settle(false));
    socket.once('connect', () => settle(false));
    socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code === 'ECONNREFUSED' || error.code === 'ENOENT'));
  });
}
