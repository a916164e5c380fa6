// A race, a timer, a file and the program's own state: on a replay all of it comes out the same, from the journal.
import { appendFile, readFile, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const file = 'order.txt';
const seen: string[] = [];

async function step(name: string, ms: number): Promise<string> {
  await delay(ms);
  await appendFile(file, `${name}\n`);
  seen.push(name);
  return name;
}

export default async function main(): Promise<{ first: string; seen: string[]; lines: number; id: string }> {
  await rm(file, { force: true });
  const steps = [step('slow', 40), step('quick', 10), step('middle', 25)];
  const first = await Promise.race(steps);
  await Promise.all(steps);
  const lines = (await readFile(file, 'utf8')).trim().split('\n').length;
  console.log(`${first} came first of ${lines}`);
  return { first, seen, lines, id: crypto.randomUUID() };
}
