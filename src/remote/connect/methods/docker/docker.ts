import type { MethodOf } from '../../method.ts';
import { entering, TOOL_FIELDS, type ToolRecipe } from '../../tool/entering.ts';

/** A process in a running container of Docker. */
export interface DockerRecipe extends ToolRecipe {
  readonly method: 'docker';
  /** Name or id of the container. */
  readonly container: string;
  /** Whose process it is; the user of the container when absent. */
  readonly user?: string;
}

export const dockerMethod: MethodOf<DockerRecipe> = entering<DockerRecipe>({
  name: 'docker',
  tool: 'docker',
  fields: { container: 'instance', user: 'user', ...TOOL_FIELDS },
  required: ['container'],
  target: { help: 'docker:CONTAINER', place: 'container', user: 'user', slashes: 'user', options: ['node', 'name'] },
  place: ({ container, user }) => (user === undefined ? container : `${user}@${container}`),
  words: ({ container, user }) => ['exec', '--interactive', ...(user === undefined ? [] : [`--user=${user}`]), container],
  // Its daemon may be behind ssh (`DOCKER_HOST`).
  asks: () => 'ssh',
});
