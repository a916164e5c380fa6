export { MemoryJournal } from './memory.ts';
export { openSqliteJournal, type SqliteJournal, type SqliteJournalOptions } from './sqlite.ts';
export { openJournalReader, type JournalReader, type NumberedEvent } from './sqlite-reader.ts';
