import { ResproutError } from '../../base/errors/errors.ts';
import type { ConnectionMethod, Dialled, DialRequest, FarStdio } from './method.ts';
import { findMethod } from './methods.ts';
import type { CommonRecipe } from './recipe.ts';

/** @throws ResproutError REMOTE_TARGET_INVALID for a recipe that another version wrote */
function methodOf(name: string): ConnectionMethod {
  const found = findMethod(name);
  if (found === undefined) throw new ResproutError('REMOTE_TARGET_INVALID', `There is no connection method "${name}" here`);
  return found;
}

/** The descriptors of the far side for this recipe; the connect data must tell the core. */
export function farStdioOf(recipe: CommonRecipe): FarStdio {
  return methodOf(recipe.method).farStdio;
}

/** What a recipe opens, for messages: `ssh deploy@web-3`, `local worker`. */
export function describeRecipe(recipe: CommonRecipe): string {
  return methodOf(recipe.method).describe(recipe);
}

/** Whether a far side that ended by this exit code before it was open was cut off: what stands between says so, not the far side itself. */
export function isCutOffBy(method: string, exitCode: number): boolean {
  return methodOf(method).isCutOff(exitCode);
}

/**
 * Starts a far process and gives the byte link to it.
 *
 * @throws ResproutError REMOTE_CONNECT_FAILED, REMOTE_CONNECT_TIMEOUT, REMOTE_AUTH_NEEDED, REMOTE_AUTH_FAILED, REMOTE_HOST_KEY_UNKNOWN,
 * REMOTE_HOST_KEY_CHANGED, REMOTE_NODE_MISSING, REMOTE_NODE_TOO_OLD; the signal's reason when it aborts. Nothing is left running then.
 */
export async function dial(request: DialRequest): Promise<Dialled> {
  return await methodOf(request.recipe.method).open(request.recipe, request);
}
