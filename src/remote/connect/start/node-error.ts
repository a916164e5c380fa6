import { ResproutError } from '../../../base/errors/errors.ts';
import type { NodeCandidate } from './marker.ts';
import { FAR_NODE_FLOOR } from './node-version.ts';
import { visible } from '../tool/visible.ts';

const SHOWN = 40;

function describe({ path, version, isBroken }: NodeCandidate): string {
  if (version !== undefined) return `${visible(path)} ${visible(version, 40)}`;
  return isBroken ? `${visible(path)} does not run` : `${visible(path)} is older by its name`;
}

/**
 * The error for a far side without a Node that fits.
 *
 * @param tried what was connected, such as `ssh deploy@web-3`
 */
export function nodeError(tried: string, found: readonly NodeCandidate[], system: string, isNamed: boolean): ResproutError {
  // One that is on PATH is also met in its folder.
  const candidates = found.filter(({ path }, index) => found.findIndex((other) => other.path === path) === index);
  const isOld = candidates.some(({ isBroken }) => !isBroken);
  const more = candidates.length > SHOWN ? ` and ${candidates.length - SHOWN} more` : '';
  const list = candidates.length === 0 ? 'no node was found' : candidates.slice(0, SHOWN).map(describe).join(', ') + more;
  const where = isNamed ? 'the named node' : 'node on PATH and in the folders of the version managers';
  const fields = {
    tried: `${tried}, ${where}`,
    saw: system === '' ? list : `${list} (${visible(system, 60)})`,
    do: `Install Node ${FAR_NODE_FLOOR} or newer there, name ${isNamed ? 'another' : 'one'} with ?node=PATH, or let one be put there with pushNode: true (?pushNode=1)`,
  };
  const subject = isNamed ? `The Node that was named for ${tried}` : `Every Node of ${tried}`;
  return isOld
    ? new ResproutError('REMOTE_NODE_TOO_OLD', `${subject} is older than ${FAR_NODE_FLOOR}: ${list}`, fields)
    : new ResproutError('REMOTE_NODE_MISSING', `${tried} has no Node that runs: ${list}`, fields);
}
