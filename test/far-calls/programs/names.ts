// What a far process is called there.
import { contextInfo } from 'resprout';

/** The name of the context, and what `ps` shows of the process. */
export function title(): { name: string; title: string } {
  return { name: contextInfo().name, title: process.title };
}

/** Gives back what it is given. */
export function back<T>(value: T): T {
  return value;
}
