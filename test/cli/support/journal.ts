import { createHash } from 'node:crypto';
import { openJournalReader } from '../../../src/durable/engines/index.ts';
import type { JournalEvent } from '../../../src/durable/journal/events/event.ts';
import { join } from 'node:path';
import type { Shop } from './cli.ts';

/** What a session's journal holds, read as any other process may read it. */
export function journalOf(shop: Shop, id: string): { readonly events: readonly JournalEvent[]; readonly hash: string } {
  const reader = openJournalReader({ folder: join(shop.store, 'runs', id) });
  try {
    const hash = createHash('sha256');
    for (const { firstSeq, count, bytes } of reader.rows(id)) hash.update(`${firstSeq} ${count} ${bytes.length} `).update(bytes);
    return { events: [...reader.events(id)].map(({ event }) => event), hash: hash.digest('hex') };
  } finally {
    reader.close();
  }
}
