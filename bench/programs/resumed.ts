// A session with a history whose next step never ends: each resume of it is killed there, and leaves the journal as it was.
import { activity } from 'resprout/durable';

const step = activity(async function step(n: number) {
  return { n, text: `step ${n}` };
});

const next = activity(async function next() {
  console.log('next');
  await new Promise(() => setInterval(() => {}, 60_000));
});

export async function main({ data }: { data: { steps: number } }): Promise<void> {
  for (let n = 0; n < data.steps; n++) await step(n);
  await next();
}
