// What calls name their function by: whole, until the far side has answered such a call; from then on by a number, since a function that is
// called once is mostly called again, and its name is longer than most arguments.
import type { ContextId } from '../../base/brand.ts';
import type { IdentifiedFunction } from '../../base/recorder.ts';
import type { Callee } from '../child/core/messages/messages.ts';

/** Of one context; further functions travel whole. */
const MOST_NUMBERS = 1000;

interface Numbered {
  readonly number: number;
  /** Whether the far side has it. A message may be refused on its way, so only an answer tells. */
  isKnown: boolean;
}

/** The functions that contexts know by number. */
export class Callees {
  readonly #contexts = new Map<ContextId, Map<string, Numbered>>();

  /** How a call names its function. @returns `answered`: to be called when the far side has answered it */
  of(id: ContextId, { address, label }: IdentifiedFunction): { readonly callee: Callee; readonly answered: () => void } {
    let known = this.#contexts.get(id);
    if (known === undefined) this.#contexts.set(id, (known = new Map<string, Numbered>()));
    const key = keyOf(address);
    let entry = known.get(key);
    if (entry === undefined && known.size < MOST_NUMBERS) known.set(key, (entry = { number: known.size, isKnown: false }));
    if (entry?.isKnown === true) return { callee: { n: entry.number }, answered: () => undefined };
    const answered = (): void => {
      if (entry !== undefined) entry.isKnown = true;
    };
    return { callee: { n: entry?.number, address, label }, answered };
  }

  /** A context is gone; its number is never given to another one. */
  lost(id: ContextId): void {
    this.#contexts.delete(id);
  }
}

function keyOf(address: IdentifiedFunction['address']): string {
  if (address.kind === 'builtin') return [address.module, ...address.path].join('\n');
  return `${address.build}\n${address.file}\n${address.kind === 'function' ? address.n : address.path.join('\n')}`;
}
