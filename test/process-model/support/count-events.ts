// How many events of a session are on disk: `node count-events.ts FOLDER SESSION`. A process of its own: it sees what any other one sees.
import { openJournalReader } from '../../../src/durable/engines/index.ts';

const [, , folder = '', session = ''] = process.argv;
const reader = openJournalReader({ folder });
process.stdout.write(String(reader.count(session)));
reader.close();
