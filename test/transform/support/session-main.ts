// Runs `report` of a built program in sessions of one process: session-main.ts FOLDER ID [SESSIONS]. All reports must be the same.
import { inspect } from 'node:util';
import { showOriginalTexts } from '../../../src/durable/runner/instances/index.ts';
import { openProgram, startSession } from './sessions.ts';

const [folder = '', id = '', count = '2'] = process.argv.slice(2);
process.setSourceMapsEnabled(true);
const { graph, reader } = await openProgram(folder, id);
showOriginalTexts((key) => ({ text: reader.shownText(key), shown: reader.facts(key).form.shown }));
const sessions = await Promise.all(Array.from({ length: Number(count) }, () => startSession(graph)));
const reports = new Set<string>();
for (const { entry } of sessions) {
  const report = entry['report'] as () => Promise<unknown>;
  reports.add(inspect(await report(), { depth: 12, maxArrayLength: null, maxStringLength: null }));
}
process.stdout.write([...reports].join('\n--- another session differs ---\n'));
