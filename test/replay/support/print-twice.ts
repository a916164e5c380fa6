// Runs a program that prints, then replays what was recorded, and says when each is over.
import { program, run, type Run } from './program.ts';

const tell = ({ outcome }: Run, word: string): void => {
  if (outcome.how !== 'done') throw new Error(`the program ${outcome.how}`, { cause: outcome.error });
  process.stdout.write(`${word}\n`);
};

using built = await program(`
  import { sleep } from 'resprout/durable';
  export default async function main() { console.log('shown one'); await sleep(1); console.log('shown two'); }`);
const one = await run(built, { id: 'ses_c' });
tell(one, 'recorded');
tell(await run(built, { id: 'ses_c', history: one.events }), 'replayed');
