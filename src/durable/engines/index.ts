export { chainLink, FIRST_LINK, isSameLink } from './chain.ts';
export { noSpace, spaceLack } from './disk/free-space.ts';
export { MemoryJournal } from './memory/memory-journal.ts';
export { openSqliteStore } from './sqlite/store.ts';
export { openSqliteJournal, type SqliteJournal, type SqliteJournalOptions } from './sqlite/journal.ts';
export { openJournalReader, type JournalReader, type NumberedEvent } from './sqlite/reader.ts';
export { createFolderStore } from './folder/folder-store.ts';
export { MemorySessions } from './memory/memory-sessions.ts';
