// Rules of sudo, su and doas that ask for passwords, and a PAM that counts the wrong ones; they stand in a mount namespace of a rig only.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FarUser } from '../../ssh/support/far-user.ts';

/** A wrong password ends a line of `attempts`; nothing given, and nobody is counted. */
const stack = (folder: string): string =>
  [
    // As everywhere: root is not asked.
    'auth sufficient pam_rootok.so',
    'auth [success=3 auth_err=ignore default=die] pam_unix.so nodelay',
    `auth optional pam_exec.so quiet ${folder}/count`,
    'auth requisite pam_deny.so',
    'auth requisite pam_deny.so',
    'auth required pam_permit.so',
    'account required pam_permit.so',
    'session required pam_permit.so',
    '',
  ].join('\n');

/** For `RigWish.namespace`: the first user may become the others, with a password each time. @param sudoers further lines */
export function askingRules(sudoers: readonly string[] = []): (folder: string, users: readonly FarUser[]) => readonly string[] {
  return (folder, [first]) => {
    const caller = first?.name ?? '';
    const rules = path.join(folder, 'rules');
    mkdirSync(path.join(rules, 'sudoers.d'), { recursive: true });
    const write = (name: string, text: string, mode: number): void => {
      writeFileSync(path.join(rules, name), text);
      chmodSync(path.join(rules, name), mode);
    };
    write('sudoers.d/test', [`Defaults:${caller} timestamp_timeout=0`, ...sudoers, `${caller} ALL=(ALL) ALL`, ''].join('\n'), 0o440);
    write('doas.conf', `permit ${caller}\n`, 0o400);
    write('pam', stack(rules), 0o644);
    write('attempts', '', 0o666);
    write('count', `#!/bin/sh\necho wrong >>'${rules}/attempts'\n`, 0o755);
    if (!existsSync('/etc/doas.conf')) writeFileSync('/etc/doas.conf', '', { mode: 0o400 });
    const over = (name: string, place: string): string => `mount --bind '${rules}/${name}' ${place}`;
    return [
      over('sudoers.d', '/etc/sudoers.d'),
      over('doas.conf', '/etc/doas.conf'),
      ...['sudo', 'su', 'doas'].map((tool) => over('pam', `/etc/pam.d/${tool}`)),
    ];
  };
}

/** How many wrong passwords PAM has seen in a rig. */
export const attempts = (folder: string): number => readFileSync(path.join(folder, 'rules/attempts'), 'utf8').split('\n').length - 1;
