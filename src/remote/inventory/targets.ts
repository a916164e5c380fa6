// What the settings of the project say of targets, for programs.
import { dirname, join } from 'node:path';
import { Inventory, type Target } from '../../base/inventory/inventory.ts';
import { parseSettings, SETTINGS_FILE, settingsInvalid } from '../../base/inventory/settings-file.ts';
import { recorder } from '../../base/recorder.ts';
import type { Site } from '../../base/site.ts';
import { createDisk } from '../../platform/disk/disk.ts';
import { hostFacts } from '../../platform/process/host-facts.ts';
import { expandTargets } from './expand-targets.ts';

/**
 * The targets that texts stand for, each once, with their variables: `@web` is a target or a group of `resprout.config.json` beside the
 * nearest package.json from the current folder upwards. In a session the answer is recorded.
 * @throws ResproutError REMOTE_TARGET_INVALID, CONFIG_INVALID
 */
export function targets(...texts: string[]): Promise<Target[]> {
  return targetsAt(texts, recorder()?.site());
}

/** As `targets`. @param site the place that asks */
export async function targetsAt(texts: readonly string[], site: Site | undefined): Promise<Target[]> {
  const run = (): Promise<Target[]> => Promise.resolve(expandTargets(texts, readInventory(hostFacts().cwd)));
  const session = recorder();
  return session === undefined ? await run() : await session.record({ fn: 'targets', args: texts, site, run });
}

/** @throws ResproutError CONFIG_INVALID */
function readInventory(folder: string): Inventory {
  const disk = createDisk();
  let at = folder;
  while (disk.stat(join(at, 'package.json')) === undefined && at !== dirname(at)) at = dirname(at);
  const file = join(disk.stat(join(at, 'package.json')) === undefined ? folder : at, SETTINGS_FILE);
  const text = disk.readText(file);
  if (text === undefined) return new Inventory(undefined, undefined, file);
  const content = parseSettings(text, file);
  if (typeof content !== 'object' || content === null) throw settingsInvalid(file, 'it is not an object', 'Write { "targets": { … } }');
  return new Inventory(Reflect.get(content, 'targets'), Reflect.get(content, 'groups'), file);
}
