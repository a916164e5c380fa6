import type { Patcher } from './patch.ts';
import { real } from './real.ts';

/** Math.random of sessions comes from their seed. What else is random comes with node:crypto, `edge/crypto/chance.ts`. */
export function patchChance(patcher: Patcher): void {
  patcher.replace(Math, 'random', 'language', () => patcher.world()?.fraction() ?? real.random());
}
