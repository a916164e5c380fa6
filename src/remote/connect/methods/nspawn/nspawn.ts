import type { MethodOf } from '../../method.ts';
import { entering, TOOL_FIELDS, type ToolRecipe } from '../../tool/entering.ts';

/** A process in a container of its own over a folder, through `systemd-nspawn`: it lives as long as the context. Needs root. */
export interface NspawnRecipe extends ToolRecipe {
  readonly method: 'nspawn';
  /** Root folder of the container. */
  readonly directory: string;
  /** Whose process it is; `root` when absent. */
  readonly user?: string;
}

export const nspawnMethod: MethodOf<NspawnRecipe> = entering<NspawnRecipe>({
  name: 'nspawn',
  tool: 'systemd-nspawn',
  fields: { directory: 'path', user: 'user', ...TOOL_FIELDS },
  required: ['directory'],
  target: { help: 'nspawn:/DIRECTORY', place: 'directory', slashes: 'never', options: ['node', 'name', 'user'] },
  place: ({ directory }) => directory,
  words: ({ directory, user }) => [
    '--quiet',
    `--directory=${directory}`,
    ...(user === undefined ? [] : [`--user=${user}`]),
    // As it is, neither a terminal nor a cat in between.
    '--console=pipe',
    '--',
  ],
});
