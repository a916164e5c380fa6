// A session with a long history: one activity after the other.
import { activity } from 'resprout/durable';

const step = activity(async function step(n: number) {
  return { n, text: `step ${n}` };
});

export async function main({ data }: { data: { steps: number } }): Promise<number> {
  let sum = 0;
  for (let n = 0; n < data.steps; n++) sum += (await step(n)).n;
  return sum;
}
