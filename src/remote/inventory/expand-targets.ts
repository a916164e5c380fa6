import { ResproutError } from '../../base/errors/errors.ts';
import type { Inventory, Target } from '../../base/inventory/inventory.ts';
import { withRanges } from '../../base/inventory/number-range.ts';

/** Names that a refusal lists. */
const MOST_NAMES = 20;

/**
 * What target texts stand for, in their order, each target once: `@NAME` is a target or a group of the settings, `@NAME+REST` opens REST
 * from each of them, `ssh://web-{1..9}` is nine targets, and any other text is itself.
 * @throws ResproutError REMOTE_TARGET_INVALID when a name is not there
 */
export function expandTargets(texts: readonly string[], inventory: Inventory): Target[] {
  return eachOnce(texts.flatMap((text) => expanded(text, inventory)));
}

/** The first of those that are reached in the same way. */
export function eachOnce(all: readonly Target[]): Target[] {
  const found = new Map<string, Target>();
  for (const target of all) if (!found.has(target.target)) found.set(target.target, target);
  return [...found.values()];
}

function expanded(text: string, inventory: Inventory): readonly Target[] {
  if (!text.startsWith('@')) return rangesOf(text).map((one) => inventory.named(one));
  const at = text.indexOf('+');
  const name = text.slice(1, at < 0 ? undefined : at);
  const members = inventory.find(name) ?? unknownName(name, inventory.names());
  return at < 0 ? members : members.map((member) => ({ ...member, target: `${member.target}${text.slice(at)}` }));
}

function rangesOf(text: string): readonly string[] {
  const texts = withRanges(text);
  if (texts !== undefined) return texts;
  throw new ResproutError('REMOTE_TARGET_INVALID', `a range of ${JSON.stringify(text.slice(0, 120))} cannot be used`, {
    tried: `read the target ${JSON.stringify(text.slice(0, 120))}`,
    do: 'Write {1..9}, the smaller number first',
  });
}

function unknownName(name: string, names: readonly string[]): never {
  const shown = JSON.stringify(`@${name.slice(0, 120)}`);
  const known = names.slice(0, MOST_NAMES).map((one) => `@${one}`);
  const more = names.length > known.length ? `, and ${names.length - known.length} more` : '';
  throw new ResproutError('REMOTE_TARGET_INVALID', `${shown} is no target or group of the settings`, {
    tried: `read the target ${shown}`,
    saw: known.length === 0 ? 'resprout.config.json names none' : `names: ${known.join(', ')}${more}`,
    do: 'Name one of them, or write it into "targets" or "groups" of resprout.config.json',
  });
}
