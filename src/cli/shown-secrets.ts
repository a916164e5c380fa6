// What this process must not show. One for the process, as its streams are: whatever a command writes goes through it.
import { KnownSecrets } from '../platform/secrets/known-secrets.ts';

export const shownSecrets: KnownSecrets = new KnownSecrets();
