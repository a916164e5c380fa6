import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ResproutError } from '../../../base/errors/errors.ts';
import type { Session } from '../../replay/session/session-api.ts';
import type { Patcher } from '../globals/patch.ts';
import { real } from '../globals/real.ts';

/** Whether sessions have the process for themselves. */
export type ProcessUse = 'own' | 'shared';

/**
 * Goes to the folder that history ended in. Where it is no more, the process stands in one that is no more either: relative paths then fail
 * as they do in Node for a process whose folder was removed, and never reach files of another folder.
 */
function follow(folder: string): void {
  try {
    real.chdir(folder);
  } catch {
    const nowhere = mkdtempSync(path.join(tmpdir(), 'resprout-nowhere-'));
    real.chdir(nowhere);
    rmdirSync(nowhere);
  }
}

const followed = new WeakSet<Session>();

/** The process goes along when the program does something new: until then nothing happens in a folder, and those of a replay need not be there. */
function followLater(session: Session): void {
  if (followed.has(session)) return;
  followed.add(session);
  session.world.whenLive(() => follow(session.folder));
}

/** The folder of a session is that of its process, where it has one. */
export function patchFolder(patcher: Patcher, use: ProcessUse): void {
  patcher.replace(process, 'cwd', 'language', (): string => patcher.realm.owner()?.folder ?? real.cwd());
  patcher.replace(process, 'chdir', 'own', (folder: string): void => {
    const session = patcher.session();
    if (session === undefined) return real.chdir(folder);
    if (use === 'shared')
      throw new ResproutError('SESSION_PROCESS_WIDE', 'process.chdir() changes the whole process, and other sessions run in it', {
        tried: 'process.chdir()',
        do: 'Give the session a process of its own',
      });
    const enter = (): string => {
      real.chdir(folder);
      return real.cwd();
    };
    followLater(session);
    session.folder = session.world.callSync('node:process.chdir', [folder], true, enter);
    return undefined;
  });
}
