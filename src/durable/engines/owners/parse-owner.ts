import type { OwnerInfo } from '../../journal/sessions/session-info.ts';

/** Who an owner says that it is. */
export function parseOwner(line: unknown): OwnerInfo {
  const fields = typeof line === 'object' && line !== null ? (line as Readonly<Record<string, unknown>>) : {};
  const whole = (name: string): number => (typeof fields[name] === 'number' && Number.isSafeInteger(fields[name]) ? fields[name] : 0);
  return { pid: whole('pid'), sinceMs: whole('sinceMs'), command: typeof fields['command'] === 'string' ? fields['command'] : '' };
}
