import type { MethodOf } from '../../method.ts';
import { entering, TOOL_FIELDS, type ToolRecipe } from '../../tool/entering.ts';

/** A process in a running container of LXC, through `lxc-attach`. For LXD and its `lxc`: method `lxd`. */
export interface LxcRecipe extends ToolRecipe {
  readonly method: 'lxc';
  readonly container: string;
}

export const lxcMethod: MethodOf<LxcRecipe> = entering<LxcRecipe>({
  name: 'lxc',
  tool: 'lxc-attach',
  fields: { container: 'instance', ...TOOL_FIELDS },
  required: ['container'],
  target: { help: 'lxc:CONTAINER', place: 'container', slashes: 'never', options: ['node', 'name'] },
  place: ({ container }) => container,
  words: ({ container }) => ['--clear-env', '--name', container, '--'],
});
