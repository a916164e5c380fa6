// The key of sealed sessions, from where the settings beside a store say. It is never in the environment, in arguments, or in the store that it seals.
import path from 'node:path';
import { ResproutError, toError } from '../../base/errors/errors.ts';
import type { SealOptions } from '../../durable/engines/index.ts';
import { readProjectSettings, type KeySource } from '../../modules/project/project-settings.ts';
import { createDisk } from '../../platform/disk/disk.ts';
import { readPrivateFile } from '../../platform/disk/private-file.ts';
import { keyedHash } from '../../platform/keyed-hash.ts';
import { hostFacts } from '../../platform/process/host-facts.ts';
import { programFacts } from '../../platform/process/program-facts.ts';
import { printedKey } from '../../platform/secrets/key-command.ts';
import { keyIn } from '../../platform/secrets/key-text.ts';

const OPEN_TO_OTHERS = 0o077;
/** systemd gives a credential to a service by an access list, which shows as bits of the group. */
const OPEN_TO_ALL = 0o007;
const STORE_ID_DIGITS = 16;
/** A person may have to type what opens it. */
const COMMAND_MS = 60_000;
const KEPT = 'Everything that was recorded is kept, sealed as it is';

/** How a store seals. Reads nothing before it is asked. @param key of the store: its name in seals is a hash of it */
export function sealOptions(folder: string, key: Uint8Array): SealOptions {
  const source = (): KeySource | undefined => readProjectSettings(createDisk(), path.dirname(folder)).seal?.key;
  return {
    storeId: Uint8Array.from(Buffer.from(keyedHash(key, 'the name of this store in seals').slice(0, STORE_ID_DIGITS), 'hex')),
    get isOn() {
      return source() !== undefined;
    },
    key: async () => await keyFrom(source(), folder),
  };
}

/** @throws ResproutError SEAL_KEY_MISSING, SEAL_KEY_UNSAFE */
async function keyFrom(source: KeySource | undefined, storeFolder: string): Promise<Uint8Array> {
  if (source === undefined) {
    const cure = 'Write { "seal": { "key": { "file": "/path/of/key" } } } into resprout.config.json beside the store';
    throw missing('find the key', 'no seal.key in resprout.config.json beside the store', cure);
  }
  switch (source.kind) {
    case 'file':
      return keyOfFile(source.path, storeFolder, OPEN_TO_OTHERS);
    case 'credential': {
      const { credentialsFolder } = programFacts();
      const cure = 'Run it as a service with LoadCredential= or LoadCredentialEncrypted= of this name';
      if (credentialsFolder === undefined)
        throw missing(`read the credential ${source.name}`, 'no CREDENTIALS_DIRECTORY in the environment', cure);
      return keyOfFile(path.join(credentialsFolder, source.name), storeFolder, OPEN_TO_ALL);
    }
    case 'command': {
      const [program] = source.argv;
      const printed = await printedKey(source.argv, COMMAND_MS);
      if ('saw' in printed)
        throw missing(`get the key from ${program}`, printed.saw, `Run ${program} by hand and see why it prints no key`);
      return checkedKey(printed.text, `what ${program} printed`);
    }
  }
}

function keyOfFile(file: string, storeFolder: string, forbidden: number): Uint8Array {
  let found: ReturnType<typeof readPrivateFile>;
  try {
    found = readPrivateFile(file);
  } catch (thrown) {
    const { message } = toError(thrown);
    throw missing(`read the key file ${file}`, message, 'Name the file itself, and see that this user may read it', thrown);
  }
  if (found === undefined)
    throw missing(
      `read the key file ${file}`,
      'no such file',
      `Put the key back, or make a new one for new sessions: resprout seal --new-key ${file}`,
    );
  const real = createDisk().realPath(file) ?? file;
  if (real === storeFolder || real.startsWith(`${storeFolder}/`))
    throw unsafe(file, 'it lies in the store that it seals', 'Move it elsewhere: whoever copies the store must not have it');
  const { uid } = hostFacts();
  if (found.uid !== uid && found.uid !== 0)
    throw unsafe(file, `it belongs to user ${found.uid}, and this process is user ${uid}`, `chown ${uid} ${file}`);
  if ((found.mode & forbidden) !== 0)
    throw unsafe(file, `others may read it (mode ${found.mode.toString(8).padStart(4, '0')})`, `chmod 600 ${file}`);
  return checkedKey(Buffer.from(found.bytes).toString('latin1'), file);
}

function checkedKey(text: string, where: string): Uint8Array {
  const key = keyIn(text);
  if (key !== undefined) return key;
  throw missing(
    `read the key in ${where}`,
    'a text that is no key: resprout-seal-1 and 43 digits',
    'resprout seal --new-key FILE makes a file with one',
  );
}

function missing(tried: string, saw: string, cure: string, cause?: unknown): ResproutError {
  const message = `the key of sealed sessions is not there: ${saw}`;
  return new ResproutError('SEAL_KEY_MISSING', message, { tried, saw, kept: KEPT, do: cure }, cause === undefined ? undefined : { cause });
}

function unsafe(file: string, saw: string, cure: string): ResproutError {
  return new ResproutError('SEAL_KEY_UNSAFE', `the key file ${file} is not safe: ${saw}`, {
    tried: `read the key file ${file}`,
    saw,
    kept: KEPT,
    do: cure,
  });
}
