import { secretsOfEnv } from '../../platform/secrets/env-secrets.ts';
import { secretNames, sessionSecrets, type Store } from '../../worker/index.ts';
import { shownSecrets } from '../shown-secrets.ts';

/** Where settings are looked for. Absolute paths. */
interface Beside {
  readonly storeFolder?: string | undefined;
  readonly file?: string | undefined;
}

/** Environment values that the settings name are not shown from now on. @throws ResproutError CONFIG_INVALID */
export function hideEnv(env: NodeJS.ProcessEnv, { storeFolder, file }: Beside): void {
  for (const { name, text } of secretsOfEnv(env, secretNames(storeFolder, file))) shownSecrets.add(text, name);
}

/** What was known as secret when a session ran is not shown from now on. */
export async function hideSecretsOf(store: Store, sessionId: string): Promise<void> {
  const find = await sessionSecrets(store, sessionId);
  if (find !== undefined) shownSecrets.addFinder(find);
}
