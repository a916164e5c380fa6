// Feeds mutants to everything that reads bytes of others.
//
//   node test/fuzz/run.ts                 a million over all targets
//   node test/fuzz/run.ts --count 1e8     as many as you like
//   node test/fuzz/run.ts NAME…           those targets whose name holds one of these texts
//   --from N                              begins with another mutant
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';
import { TARGETS } from './targets.ts';

const { values, positionals } = parseArgs({
  options: { count: { type: 'string', default: '1e6' }, from: { type: 'string', default: '0' } },
  allowPositionals: true,
});
const chosen = TARGETS.filter(({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)));
const each = Math.ceil(Number(values.count) / chosen.length);
const PART = 100_000;
let faults = 0;
console.log('target                mutants    refused   slowest ms   faults');
for (const target of chosen) {
  let [count, refused, slowestMs, bad] = [0, 0, 0, 0];
  while (count < each) {
    const part = fuzz(target, Math.min(PART, each - count), Number(values.from) + count);
    count += part.count;
    refused += part.refused;
    slowestMs = Math.max(slowestMs, part.slowestMs);
    bad += part.faults.length;
    for (const fault of part.faults) console.log(`  ${target.name} ${String(fault.n)}: ${fault.error}\n    ${fault.bytes.slice(0, 400)}`);
    if (bad > 0) break;
  }
  faults += bad;
  console.log(
    `${target.name.padEnd(18)}${String(count).padStart(11)}${String(refused).padStart(11)}${slowestMs.toFixed(1).padStart(13)}${String(bad).padStart(9)}`,
  );
}
process.exitCode = faults === 0 ? 0 : 1;
