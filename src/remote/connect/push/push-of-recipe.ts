import type { Recipe } from '../recipe.ts';
import type { DialSeams } from '../method.ts';
import type { PushStep } from './push-step.ts';

/**
 * What answers a far side that asks for a Node; undefined when the recipe wants none to be put there. What does it is loaded at the first question.
 *
 * @param tried for messages: `ssh deploy@web-3`
 * @param notice takes what a person should see while it takes long
 */
export function pushOf({ pushNode }: Recipe, tried: string, seams: DialSeams, notice: (text: string) => void): PushStep | undefined {
  if (pushNode === undefined) return undefined;
  let step: Promise<PushStep> | undefined;
  return async (told, signal) => {
    step ??= import('./push-from-here.ts').then(({ pushFromHere }) => pushFromHere(pushNode, tried, seams, notice));
    return await (
      await step
    )(told, signal);
  };
}
