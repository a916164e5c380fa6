import type { MethodOf } from '../../method.ts';
import { entering, TOOL_FIELDS, type ToolRecipe } from '../../tool/entering.ts';

/** A process in a running container of Podman. */
export interface PodmanRecipe extends ToolRecipe {
  readonly method: 'podman';
  /** Name or id of the container. */
  readonly container: string;
  /** Whose process it is; the user of the container when absent. */
  readonly user?: string;
}

export const podmanMethod: MethodOf<PodmanRecipe> = entering<PodmanRecipe>({
  name: 'podman',
  tool: 'podman',
  fields: { container: 'instance', user: 'user', ...TOOL_FIELDS },
  required: ['container'],
  target: { help: 'podman:CONTAINER', place: 'container', user: 'user', slashes: 'user', options: ['node', 'name'] },
  place: ({ container, user }) => (user === undefined ? container : `${user}@${container}`),
  words: ({ container, user }) => ['exec', '--interactive', ...(user === undefined ? [] : [`--user=${user}`]), container],
});
