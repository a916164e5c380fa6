import path from 'node:path';
import { ResproutError, codeOf } from '../../base/errors/errors.ts';
import { readProjectSettings, SETTINGS_FILE, type KeySource } from '../../modules/project/project-settings.ts';
import { createDisk } from '../../platform/disk/disk.ts';
import { createPrivateFile } from '../../platform/disk/private-file.ts';
import { newKeyText } from '../../platform/secrets/key-text.ts';
import { openStore, resolveSessionId, sealSession, type Store } from '../../worker/index.ts';
import { storeFolder } from '../arguments/store-folder.ts';
import { okLine } from '../render/values/json.ts';
import { safeLine } from '../render/text/safe-text.ts';
import { sessionsText } from '../sessions/removed-text.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';

export interface SealCommandOptions extends CommonOptions {
  /** Path of a key file to make. */
  readonly newKey?: string | undefined;
  readonly all?: boolean | undefined;
}

/** `resprout seal`: makes a key, says how a store seals, or seals sessions that were recorded before it did. @returns 0 */
export async function seal(texts: readonly string[], options: SealCommandOptions, terminal: Terminal): Promise<number> {
  const isOfSessions = texts.length > 0 || options.all === true;
  if (options.newKey !== undefined) {
    if (isOfSessions)
      throw new ResproutError('USAGE', '--new-key makes a key and seals nothing', {
        do: 'First the key, then the setting, then resprout seal --all',
      });
    return makeKey(path.resolve(terminal.cwd, options.newKey), options, terminal);
  }
  const folder = storeFolder(options.store, terminal.env, terminal.cwd);
  if (!isOfSessions) return tellSetting(folder, options, terminal);
  const store = openStore({ folder, create: false });
  const ids = options.all === true ? await store.sessions.ids() : await Promise.all(texts.map((text) => resolveSessionId(store, text)));
  return await sealAll(store, new Set(ids), options, terminal);
}

function makeKey(file: string, { json, quiet }: CommonOptions, { stdout, stderr, cwd }: Terminal): number {
  if (!createPrivateFile(file, Buffer.from(newKeyText()))) {
    throw new ResproutError('USAGE', `${file} exists already`, {
      tried: `make a key in ${file}`,
      saw: 'a file of that name',
      kept: 'It is unchanged: what was sealed with it needs it',
      do: 'Name a file that does not exist',
    });
  }
  if (json) stdout.write(okLine({ file }));
  else if (!quiet) {
    stderr.write(
      `a new key is in ${safeLine(path.relative(cwd, file) || file)}; whoever loses it loses what is sealed with it: keep a copy elsewhere\n`,
    );
    stderr.write(`new sessions are sealed with this in ${SETTINGS_FILE} beside the store:\n`);
    stdout.write(`{ "seal": { "key": { "file": ${JSON.stringify(file)} } } }\n`);
  }
  return 0;
}

function tellSetting(folder: string, { json }: CommonOptions, { stdout }: Terminal): number {
  const settings = path.join(path.dirname(folder), SETTINGS_FILE);
  const key = readProjectSettings(createDisk(), path.dirname(folder)).seal?.key;
  if (json) stdout.write(okLine({ store: folder, sealed: key !== undefined, key: key === undefined ? null : sourceText(key) }));
  else if (key === undefined) {
    stdout.write(`new sessions of ${safeLine(folder)} are not sealed\n`);
    stdout.write(`resprout seal --new-key FILE makes a key, seal.key in ${safeLine(settings)} names it\n`);
  } else {
    stdout.write(`new sessions of ${safeLine(folder)} are sealed with the key of ${safeLine(sourceText(key))}\n`);
    stdout.write('resprout seal --all seals those that were recorded before\n');
  }
  return 0;
}

function sourceText(key: KeySource): string {
  if (key.kind === 'file') return `the file ${key.path}`;
  return key.kind === 'credential' ? `the credential ${key.name}` : `the command ${key.argv[0]}`;
}

/** One after the other. Of all sessions those that a process runs are left out and named; a session that was asked for by name must be had. */
async function sealAll(store: Store, ids: ReadonlySet<string>, options: SealCommandOptions, terminal: Terminal): Promise<number> {
  const { json, quiet, all } = options;
  const sealed: string[] = [];
  const held: string[] = [];
  for (const id of ids) {
    try {
      if (await sealSession(store, id, 'resprout seal')) sealed.push(id);
    } catch (thrown) {
      if (all !== true || codeOf(thrown) !== 'SESSION_HELD') throw thrown;
      held.push(id);
    }
  }
  if (json) terminal.stdout.write(okLine({ sealed, running: held }));
  else if (!quiet) {
    const rest = ids.size - sealed.length - held.length;
    terminal.stderr.write(`${sessionsText(sealed.length)} sealed${rest === 0 ? '' : `, ${rest} sealed before`}\n`);
    for (const id of held) terminal.stderr.write(`${id} runs and stays as it is: seal it when it has ended or parked\n`);
  }
  return 0;
}
