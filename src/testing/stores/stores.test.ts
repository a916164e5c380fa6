import { after, describe, it } from 'node:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  MemoryJournal,
  MemorySessions,
  StoreSeal,
  createFolderStore,
  openSqliteStore,
  sealedJournal,
  type SealOptions,
} from '../../durable/engines/index.ts';
import { makePrivateFolder } from '../../platform/disk/private-folder.ts';
import { journalStoreBehaviours, type JournalPlace } from './journal-store-suite.ts';
import { sessionStoreBehaviours } from './session-store-suite.ts';
import type { SessionStore } from '../../durable/journal/sessions/session-store.ts';

const place = mkdtempSync(join(tmpdir(), 'resprout-stores-'));
after(() => rmSync(place, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => join(place, String(folders++));

/** Each open is the next owner of the same rows. */
function memoryPlace(): JournalPlace {
  let journal: MemoryJournal | undefined;
  return { open: async () => (journal = journal?.takeOver() ?? new MemoryJournal()) };
}

function sqlitePlace(): JournalPlace {
  const folder = newFolder();
  return { open: async () => openSqliteStore({ folder }) };
}

const SEAL: SealOptions = { storeId: new Uint8Array(8).fill(3), isOn: true, key: async () => new Uint8Array(32).fill(5) };

/** The same place with sealed rows. */
function sealedPlace(place: JournalPlace): JournalPlace {
  const seal = new StoreSeal(new Uint8Array(32).fill(5), SEAL.storeId);
  return { open: async () => sealedJournal(await place.open(), (session) => seal.session(session)) };
}

function sealedFolderStore(): SessionStore {
  const folder = newFolder();
  makePrivateFolder(folder);
  return createFolderStore(folder, { seal: SEAL });
}

function folderStore(): SessionStore {
  const folder = newFolder();
  makePrivateFolder(folder);
  return createFolderStore(folder);
}

for (const [name, newPlace] of [
  ['openSqliteStore()', sqlitePlace],
  ['MemoryJournal', memoryPlace],
  ['openSqliteStore(), sealed,', () => sealedPlace(sqlitePlace())],
  ['MemoryJournal, sealed,', () => sealedPlace(memoryPlace())],
] as const)
  describe(name, () => {
    for (const { title, run } of journalStoreBehaviours(newPlace)) it(`${name} ${title}`, run);
  });

for (const [name, newStore] of [
  ['createFolderStore()', folderStore],
  ['MemorySessions', () => new MemorySessions()],
  ['createFolderStore(), sealed,', sealedFolderStore],
  ['MemorySessions, sealed,', () => new MemorySessions(SEAL)],
] as const)
  describe(name, () => {
    for (const { title, run } of sessionStoreBehaviours(newStore)) it(`${name} ${title}`, run);
  });
