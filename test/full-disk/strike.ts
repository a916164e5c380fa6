// `node test/full-disk/strike.ts [SHARE]`: makes each call of the system for a file of ours fail once (or a share of them, from 0 to 1).
import { noStrace, strikeAll } from './system-faults.ts';

if (noStrace !== false) throw new Error(noStrace);
const struck = await strikeAll(Number(process.argv[2] ?? '1'), console.log);
const bad = struck.filter(({ faults }) => faults.length > 0);
const codes = Map.groupBy(struck, ({ code }) => (code === '' ? 'went well' : code));
console.log(
  `${struck.length} calls failed: ${[...codes].map(([code, list]) => `${list.length} ${code}`).join(', ')}; ${bad.length} faults`,
);
process.exitCode = bad.length > 0 ? 1 : 0;
