// Retries the rollout for every cause, undisturbed and killed after each event of the retried run, and checks what was done.
//
//   node test/retry/run.ts                  all causes
//   node test/retry/run.ts 'host down' bug  these
import { CAUSES, Stage } from './stage.ts';
import { fail, retryKilled, retryWhole } from './trial.ts';

const named = process.argv.slice(2);
const all: string[] = [];
let kills = 0;
for (const cause of CAUSES.filter((one) => named.length === 0 || named.includes(one))) {
  await using stage = await Stage.open(cause);
  const faults = [...(await fail(stage))];
  const retried = await retryWhole(stage);
  faults.push(...retried.faults);
  for (const seq of retried.seqs) {
    faults.push(...(await retryKilled(stage, seq)));
    kills++;
  }
  console.log(`${cause}: killed after each of the events ${retried.seqs.join(' ')}: ${faults.length === 0 ? 'ok' : 'FAULT'}`);
  all.push(...faults.map((fault) => `${cause}: ${fault}`));
}
for (const fault of all) console.log(`FAULT ${fault}`);
console.log(`${kills} kills, ${all.length === 0 ? 'no fault' : `${all.length} faults`}`);
process.exit(all.length === 0 ? 0 : 1);
