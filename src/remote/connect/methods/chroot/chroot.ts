import type { MethodOf } from '../../method.ts';
import { entering, TOOL_FIELDS, type ToolRecipe } from '../../tool/entering.ts';

/** A process with another root folder, through `chroot`. Needs root. */
export interface ChrootRecipe extends ToolRecipe {
  readonly method: 'chroot';
  readonly directory: string;
  /** Whose process it is, by the users of the folder (`--userspec`); that of this process when absent. */
  readonly user?: string;
}

export const chrootMethod: MethodOf<ChrootRecipe> = entering<ChrootRecipe>({
  name: 'chroot',
  tool: 'chroot',
  fields: { directory: 'path', user: 'user', ...TOOL_FIELDS },
  required: ['directory'],
  target: { help: 'chroot:/DIRECTORY', place: 'directory', slashes: 'never', options: ['node', 'name', 'user'] },
  place: ({ directory }) => directory,
  words: ({ directory, user }) => [...(user === undefined ? [] : [`--userspec=${user}`]), directory],
});
