import path from 'node:path';

/** The environment of every program, plain and in a session: what a login gives, and nothing of a test runner or a package manager. */
export function environment(): Record<string, string> {
  const kept = ['HOME', 'USER', 'LOGNAME', 'TMPDIR'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const bin = path.dirname(process.execPath);
  return { ...Object.fromEntries(kept), PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`, LANG: 'C.UTF-8', TZ: 'Europe/Berlin' };
}
