import { ResproutError } from '../../../base/errors/errors.ts';
import { enterFolder, enterNowhere } from '../../../platform/process/working-folder.ts';
import type { Session } from '../../replay/session/session-api.ts';
import type { Patcher } from '../globals/patch.ts';
import { real } from '../globals/real.ts';

/** Whether sessions have the process for themselves. */
export type ProcessUse = 'own' | 'shared';

/** Goes to the folder that history ended in, or nowhere when it is no more. */
function follow(folder: string): void {
  if (enterFolder(folder) !== undefined) enterNowhere();
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
