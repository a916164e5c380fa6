import { localMethod } from './local.ts';
import type { Dialled, DialRequest, FarStdio } from './method.ts';
import type { Recipe } from './recipe.ts';
import { sshMethod } from './ssh.ts';

/** The descriptors of the far side for this recipe; the connect data must tell the core. */
export function farStdioOf(recipe: Recipe): FarStdio {
  return recipe.method === 'local' ? localMethod.farStdio : sshMethod.farStdio;
}

/** What a recipe opens, for messages: `ssh deploy@web-3`, `local worker`. */
export function describeRecipe(recipe: Recipe): string {
  return recipe.method === 'local' ? localMethod.describe(recipe) : sshMethod.describe(recipe);
}

/**
 * Starts a far process and gives the byte link to it.
 *
 * @throws ResproutError REMOTE_CONNECT_FAILED, REMOTE_CONNECT_TIMEOUT, REMOTE_AUTH_NEEDED, REMOTE_AUTH_FAILED, REMOTE_HOST_KEY_UNKNOWN,
 * REMOTE_HOST_KEY_CHANGED, REMOTE_NODE_MISSING, REMOTE_NODE_TOO_OLD; the signal's reason when it aborts. Nothing is left running then.
 */
export function dial(request: DialRequest): Promise<Dialled> {
  const { recipe } = request;
  return recipe.method === 'local' ? localMethod.open(recipe, request) : sshMethod.open(recipe, request);
}
