import { isUtf8 } from 'node:buffer';
import { setTimeout as pause } from 'node:timers/promises';
import type { OutputPiece } from '../../durable/journal/sessions/output-log.ts';
import { openStore, resolveSessionId, type Store } from '../../worker/index.ts';
import { storeFolder } from '../arguments/store-folder.ts';
import { hideSecretsOf } from '../sessions/hide-secrets.ts';
import { shownSecrets } from '../shown-secrets.ts';
import { logLine } from '../render/log-line.ts';
import { okLine } from '../render/values/json.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';

export interface LogsCommandOptions extends CommonOptions {
  readonly follow?: boolean | undefined;
}

const LOOK_MS = 200;

/** `resprout logs`: what a session has printed, each stream where it was printed. @param text default: the session that was started last. @returns 0 */
export async function logs(text: string | undefined, options: LogsCommandOptions, terminal: Terminal): Promise<number> {
  const store = openStore({ folder: storeFolder(options.store, terminal.env, terminal.cwd), create: false });
  const sessionId = await resolveSessionId(store, text ?? 'last');
  await hideSecretsOf(store, sessionId);
  if (options.json === true && options.follow !== true) {
    const reader = store.sessions.readOutput(sessionId);
    terminal.stdout.write(okLine({ sessionId, output: (await reader.next()).map((piece) => pieceJson(shown(piece))) }));
    await reader.close();
    return 0;
  }
  const show = options.json === true ? printJson : print;
  await each(store, sessionId, options.follow ?? false, terminal, (piece) => show(shown(piece), terminal));
  return 0;
}

/** What was kept is without what was known when it was printed; here it is without what is known now. */
function shown(piece: OutputPiece): OutputPiece {
  if (shownSecrets.isEmpty) return piece;
  const encoding = isUtf8(piece.bytes) ? 'utf8' : 'latin1';
  return { ...piece, bytes: Buffer.from(shownSecrets.scrub(Buffer.from(piece.bytes).toString(encoding)), encoding) };
}

/** @param isFollowed goes on until the session does not run any more, or nobody reads */
async function each(
  { sessions }: Store,
  sessionId: string,
  isFollowed: boolean,
  { stdout, isUnread }: Terminal,
  show: (piece: OutputPiece) => void,
): Promise<void> {
  const reader = sessions.readOutput(sessionId);
  try {
    for (;;) {
      // Asked before the pieces are read: whatever was printed before its end is among them.
      const isOver = !isFollowed || (await sessions.info(sessionId))?.state !== 'running';
      for (const piece of await reader.next()) show(piece);
      if (isOver || isUnread()) return;
      do await pause(LOOK_MS);
      while (stdout.writableNeedDrain && !isUnread());
    }
  } finally {
    await reader.close();
  }
}

function print({ from, bytes }: OutputPiece, { stdout, stderr }: Terminal): void {
  if ('stream' in from) (from.stream === 'stdout' ? stdout : stderr).write(bytes);
  else stderr.write(`${logLine({ context: from.context, text: Buffer.from(bytes).toString() })}\n`);
}

function printJson(piece: OutputPiece, { stdout }: Terminal): void {
  stdout.write(`${JSON.stringify(pieceJson(piece))}\n`);
}

/** Bytes that are no text are shown as they can be. */
function pieceJson({ atMs, from, bytes }: OutputPiece): Record<string, unknown> {
  return { atMs, ...from, text: Buffer.from(bytes).toString() };
}
