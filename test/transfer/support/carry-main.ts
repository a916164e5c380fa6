// `node carry-main.ts FROM ID FILE TO`: exports a session to FILE and imports it from there, and prints how much memory it took at most.
import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { exportSession, importSession } from '../../../src/worker.ts';

const [from = '', sessionId = '', file = '', to = ''] = process.argv.slice(2);
const fd = openSync(file, 'w', 0o600);
const { events } = await exportSession({ storeFolder: from, sessionId, write: (line) => void writeSync(fd, line) });
closeSync(fd);
await importSession({ storeFolder: to, input: createReadStream(file) });
process.stdout.write(`${events} ${process.resourceUsage().maxRSS}\n`);
