import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const GONE_MS = 60_000;

/** Whether any process of this machine has this command line, words parted by spaces. */
export function isRunning(command: string): boolean {
  return readdirSync('/proc').some((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8') === `${command.replaceAll(' ', '\0')}\0`;
    } catch {
      // It ended.
      return false;
    }
  });
}

/** Waits until none of these runs. */
export async function untilEnded(commands: readonly string[]): Promise<void> {
  for (const start = performance.now(); ;) {
    const left = commands.filter(isRunning);
    if (left.length === 0) return;
    assert.ok(performance.now() - start < GONE_MS, `left are ${left.join(', ')}`);
    await sleep(20);
  }
}
