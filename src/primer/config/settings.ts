// Every setting, with what it does, where it was said, and what counts where nobody said it.
import type { Setting } from '../../primer-api/state-context.ts';

/** What each does, in the order in which they are shown. */
export const SETTINGS = {
  registry: 'where a machine without npm fetches Node and npm from, when its npm settings name no registry',
  node: 'Node as packages of a registry, by platform; ./prime pin writes it',
  npm: 'the npm that installs; ./prime pin writes it',
  built: 'the state built: scripts, what they read, what they make',
  apps: 'programs that own their whole command line',
  tasks: 'commands of ./prime',
  target: 'what ./prime prepares to',
  states: 'the module of states of this repository',
  environments: 'the folder with an environment each, the link to the selected one, and the one that is usual',
  values: 'data of the repository for its programs and states; an environment wins by name',
  update: 'whether ./prime update may renew the kernel',
} as const;

/** Name of a setting. */
export type SettingName = keyof typeof SETTINGS;

/** A setting as it was found. */
export interface Said {
  readonly value: unknown;
  /** FILE:LINE. */
  readonly from: string;
}

/** @param said what the leaps say of one; @param defaults what counts where none does */
export function settingsOf(
  said: (name: SettingName) => Said | undefined,
  defaults: Readonly<Partial<Record<SettingName, unknown>>>,
): readonly Setting[] {
  return (Object.keys(SETTINGS) as SettingName[]).map((name) => {
    const found = said(name);
    return { name, value: found?.value ?? defaults[name], from: found?.from, does: SETTINGS[name] };
  });
}
