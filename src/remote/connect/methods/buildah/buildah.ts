import type { MethodOf } from '../../method.ts';
import { entering, TOOL_FIELDS, type ToolRecipe } from '../../tool/entering.ts';

/** A process in a working container of Buildah. */
export interface BuildahRecipe extends ToolRecipe {
  readonly method: 'buildah';
  /** Name or id of the container. */
  readonly container: string;
  /** Whose process it is; the user of the container when absent. */
  readonly user?: string;
}

export const buildahMethod: MethodOf<BuildahRecipe> = entering<BuildahRecipe>({
  name: 'buildah',
  tool: 'buildah',
  fields: { container: 'instance', user: 'user', ...TOOL_FIELDS },
  required: ['container'],
  target: { help: 'buildah:CONTAINER', place: 'container', user: 'user', slashes: 'user', options: ['node', 'name'] },
  place: ({ container, user }) => (user === undefined ? container : `${user}@${container}`),
  words: ({ container, user }) => ['run', ...(user === undefined ? [] : [`--user=${user}`]), container, '--'],
});
