import path from 'node:path';
import { readProjectSettings } from '../../modules/project/project-settings.ts';
import { projectRoot } from '../../modules/project/project-root.ts';
import { createDisk } from '../../platform/disk/disk.ts';

/**
 * Patterns of names of environment values that are not shown: those of the settings beside a store and beside a program.
 * @param storeFolder absolute path, when there is a store. @param file absolute path of the program, when there is one
 * @throws ResproutError CONFIG_INVALID
 */
export function secretNames(storeFolder: string | undefined, file: string | undefined): readonly string[] {
  const disk = createDisk();
  const folders = new Set<string>();
  if (storeFolder !== undefined) folders.add(path.dirname(storeFolder));
  if (file !== undefined) folders.add(projectRoot(disk, file));
  return [...new Set([...folders].flatMap((folder) => readProjectSettings(disk, folder).secrets))];
}
