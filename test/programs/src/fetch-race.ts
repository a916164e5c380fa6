// fetch with race, all and timers against a local server.
import { randomUUID } from 'node:crypto';

interface Input {
  readonly server: string;
}

async function ask(url: string): Promise<{ path: string; n: number }> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as { path: string; n: number };
}

export default async function main(event: { data: Input }): Promise<unknown> {
  const { server } = event.data;
  const id = randomUUID();
  const first = await Promise.race([ask(`${server}/slow/120`), ask(`${server}/slow/10`), ask(`${server}/slow/60`)]);
  const all = await Promise.all([1, 2, 3].map((n) => ask(`${server}/item/${n}`)));
  const timeout = await Promise.race([
    ask(`${server}/slow/400`).then(() => 'answer'),
    new Promise<string>((resolve) => setTimeout(() => resolve('timer'), 30)),
  ]);
  const settled = await Promise.allSettled([ask(`${server}/missing`), ask(`${server}/item/4`)]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const posted = await fetch(`${server}/orders`, { method: 'POST', body: JSON.stringify({ id, items: all.map((item) => item.n) }) });
  return {
    first: first.path,
    all: all.map((item) => item.n),
    timeout,
    settled: settled
      .map((one) => (one.status === 'fulfilled' ? one.value.n : String(one.reason)))
      .map((text) => String(text).replace(/^.*\/missing/, '/missing')),
    posted: posted.status,
  };
}
