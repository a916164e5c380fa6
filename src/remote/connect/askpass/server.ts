import { timingSafeEqual } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Random } from '../../../base/seams/random.ts';
import type { AskedText } from '../questions/question.ts';
import type { Reply } from '../questions/questions.ts';
import { helperOption, writeHelperProgram } from './helper.ts';
import { askFolder, ASK_PREFIX } from './folder.ts';

const HELLO_LIMIT_MS = 5000;
const REQUEST_LIMIT_BYTES = 65_536;
const TEXT_LIMIT = 16_384;

/** A place where the helpers of one connect ask. */
export interface AskServer {
  /** What the tool needs in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends it: the token is void, waiting helpers end with 1, the folder is gone. Twice is fine. */
  close(): void;
}

export interface AskServerOptions {
  readonly random: Random;
  /** Whose variables lead to the helper. sudo hands some of ssh's on to what it starts. */
  readonly asker: 'ssh' | 'sudo';
  /** Environment of this process: XDG_RUNTIME_DIR, TMPDIR and DISPLAY are looked at. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the client gives texts of the host without `(user@host)` before them (OpenSSH before 8.5). */
  readonly givesBareTexts: boolean;
  readonly reply: (asked: AskedText) => Promise<Reply>;
}

/** A request of a helper that knows the token; undefined for anything else. */
function parseRequest(line: string, token: string): AskedText | undefined {
  let request: unknown;
  try {
    request = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof request !== 'object' || request === null) return undefined;
  const { token: given, text, hint }: { token?: unknown; text?: unknown; hint?: unknown } = request;
  if (typeof given !== 'string' || typeof text !== 'string' || typeof hint !== 'string') return undefined;
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  if (a.length !== b.length || !timingSafeEqual(a, b)) return undefined;
  return { text: text.slice(0, TEXT_LIMIT), hint: hint.slice(0, 16) };
}

/** Serves one helper: one line in, at most one line out. Strangers, silent and talkative ones are dropped. */
function serveHelper(socket: Socket, token: string, reply: AskServerOptions['reply']): void {
  let held = '';
  socket.setEncoding('utf8');
  socket.setTimeout(HELLO_LIMIT_MS, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  const onData = (piece: string): void => {
    held += piece;
    const end = held.indexOf('\n');
    if (end < 0) {
      if (held.length > REQUEST_LIMIT_BYTES) socket.destroy();
      return;
    }
    socket.off('data', onData);
    socket.resume();
    socket.setTimeout(0);
    const asked = parseRequest(held.slice(0, end), token);
    if (asked === undefined) socket.destroy();
    else void reply(asked).then((answer) => finish(socket, answer));
  };
  socket.on('data', onData);
}

function finish(socket: Socket, reply: Reply): void {
  if (reply.kind === 'answer') socket.end(`a${reply.text}\n`);
  if (reply.kind === 'refuse') socket.end('n\n');
  // A held helper stays connected: it ends with the tool, or when the server closes.
}

async function listen(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  server.on('error', () => {});
}

/** A fresh folder that only this user can enter; undefined on a Linux machine where nothing can be written. @throws the system's error */
function makeFolder(env: AskServerOptions['env']): string | undefined {
  try {
    const folder = mkdtempSync(join(askFolder(env), ASK_PREFIX));
    chmodSync(folder, 0o700);
    return folder;
  } catch (error) {
    if (process.platform === 'linux') return undefined;
    throw error;
  }
}

/**
 * Opens a socket in a fresh folder, with a token for this one connect. Without a place for the folder, a Linux machine gets a socket
 * without a file: then anybody there can reach it, and the token is the only guard.
 *
 * @throws the system's error when neither can be made
 */
export async function openAskServer(options: AskServerOptions): Promise<AskServer> {
  const folder = makeFolder(options.env);
  const sockets = new Set<Socket>();
  const token = Buffer.from(options.random.bytes(16)).toString('hex');
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serveHelper(socket, token, options.reply);
  });
  const close = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const path = folder === undefined ? `@${ASK_PREFIX}${Buffer.from(options.random.bytes(8)).toString('hex')}` : join(folder, 's');
    await listen(server, path.replace(/^@/, '\0'));
    const needsProgram = options.givesBareTexts && folder !== undefined;
    const node = process.env['RESPROUT_NODE'] ?? process.execPath;
    const program = needsProgram ? writeHelperProgram(folder, node) : node;
    const env = {
      RESPROUT_ASK: `${token}|${path}`,
      NODE_OPTIONS: helperOption(),
      ...(options.asker === 'sudo'
        ? { SUDO_ASKPASS: program }
        : {
            SSH_ASKPASS: program,
            SSH_ASKPASS_REQUIRE: 'force',
            // OpenSSH before 8.4 does not know REQUIRE and asks only where a display is.
            DISPLAY: options.env['DISPLAY'] ?? ':0',
          }),
    };
    return { env, close };
  } catch (error) {
    close();
    throw error;
  }
}
