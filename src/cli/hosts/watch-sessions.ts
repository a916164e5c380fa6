// Looks again and again at what sessions have open. On a terminal the lines change in place; elsewhere they are printed when something has changed.
import { setTimeout as pause } from 'node:timers/promises';
import { canBeLive, LiveRegion } from '../render/live-region.ts';
import { okLine } from '../render/values/json.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';
import { interruptible } from './interrupt.ts';
import { seenJson, seenText, type SeenSession } from './seen-sessions.ts';

const LOOK_MS = 1000;

/** What is the same as long as nothing has changed: ages of calls always do. */
function changes(seen: readonly SeenSession[]): string {
  return JSON.stringify(seen, (name, value: unknown) => (name === 'oldestCallMs' || name === 'silent' ? undefined : value));
}

/** As many of the lines as a terminal has, and how many more there are. */
function fitting(text: string, rows: number): readonly string[] {
  const lines = text.trimEnd().split('\n');
  const room = Math.max(2, rows - 1);
  return lines.length <= room ? lines : [...lines.slice(0, room - 1), `  and ${lines.length - room + 1} more lines`];
}

/**
 * Until a signal asks for the end, nobody reads any more, or the session that was asked for does not run.
 *
 * @param look asks all of them. @returns 0: being left is its end
 */
export async function watchSessions(
  look: () => Promise<readonly SeenSession[]>,
  asked: string | undefined,
  options: CommonOptions,
  terminal: Terminal,
): Promise<number> {
  const { env, isUnread, outStyle, stdout } = terminal;
  using interrupt = interruptible('watch what is open');
  const { signal } = interrupt;
  const left = new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
  let text = '';
  const isLive = options.json !== true && canBeLive(stdout, env, options.plain ?? false);
  const region = isLive ? new LiveRegion(stdout, () => fitting(text, stdout.rows), env, outStyle.symbols.cut) : undefined;
  let last: string | undefined;
  try {
    while (!signal.aborted && !isUnread()) {
      const seen = await Promise.race([look(), left]);
      if (seen === undefined) break;
      text = seenText(seen, asked, outStyle);
      const now = changes(seen);
      if (region === undefined && now !== last)
        stdout.write(options.json === true ? okLine(seenJson(seen)) : `${last === undefined ? '' : '\n'}${text}`);
      last = now;
      if (asked !== undefined && seen.length === 0) break;
      do await Promise.race([pause(LOOK_MS, undefined, { signal }).catch(() => undefined), left]);
      while (stdout.writableNeedDrain && !isUnread() && !signal.aborted);
    }
  } finally {
    region?.close();
  }
  // What was seen last stays.
  if (region !== undefined) stdout.write(text);
  return 0;
}
