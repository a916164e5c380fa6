// Entry of the built text of intermediaries (broker.br): evaluated in the broker thread of a far process at its first CONNECT.
import { realRandom } from '../../platform/random.ts';
import { processEnv } from '../../platform/process/process-life.ts';
import { Intermediary, type IntermediaryPorts } from './intermediary.ts';

/** What the text is called with. */
declare const BOOT: Omit<IntermediaryPorts, 'random' | 'env'>;

export const intermediary: Intermediary = new Intermediary({ ...BOOT, random: realRandom, env: processEnv() });
