import { basename } from 'node:path';
import type { SessionProcess } from './session-process.ts';

/** Prints a warning of a program as Node does. The process's own printing never sees it: `process.emit` of a program stays in the session. */
export function showWarning(own: SessionProcess, warning: unknown): void {
  if (!(warning instanceof Error)) return;
  const isDeprecation = warning.name === 'DeprecationWarning';
  if (isDeprecation && process.noDeprecation === true) return;
  const code: unknown = Reflect.get(warning, 'code');
  const detail: unknown = Reflect.get(warning, 'detail');
  let text = `(${process.release.name}:${String(process.pid)}) `;
  if (typeof code === 'string' && code !== '') text += `[${code}] `;
  text += String(warning);
  if (typeof detail === 'string') text += `\n${detail}`;
  if (!own.hasShownHint) {
    own.hasShownHint = true;
    const flag = isDeprecation ? '--trace-deprecation' : '--trace-warnings';
    text += `\n(Use \`${basename(process.argv0, '.exe')} ${flag} ...\` to show where the warning was created)`;
  }
  process.stderr.write(`${text}\n`);
}
