import { ResproutError } from '../../../base/errors.ts';
import type { Patcher } from '../globals/patch.ts';
import { real } from '../globals/real.ts';

/** Whether sessions have the process for themselves. */
export type ProcessUse = 'own' | 'shared';

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
    session.folder = session.world.callSync('node:process.chdir', [folder], true, enter);
    // On replay the answer comes from the journal, and the process still has to go there.
    if (real.cwd() !== session.folder) real.chdir(session.folder);
    return undefined;
  });
}
