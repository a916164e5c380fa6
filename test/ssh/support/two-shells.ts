// The usual rig: one user whose login shell is dash, one with bash, both with the same password.
import { openRig, type Rig } from '../rig.ts';
import type { FarUser } from './far-user.ts';

/** Never a word of a log or an error: tests look for it there. */
export const PASSWORD = 'canary-F-7f3a';

/** @param rig is closed by the caller */
export async function openTwoShells(): Promise<{ readonly rig: Rig; readonly dash: FarUser; readonly bash: FarUser }> {
  const rig = await openRig([
    { shell: '/bin/dash', password: PASSWORD },
    { shell: '/bin/bash', password: PASSWORD },
  ]);
  const [dash, bash] = rig.users;
  if (dash === undefined || bash === undefined) throw new Error('the rig made no users');
  return { rig, dash, bash };
}

/** How many passwords sshd has refused since its log had this length. */
export const refusedPasswords = (rig: Rig, since: number): number => rig.log().slice(since).split('Failed password').length - 1;
