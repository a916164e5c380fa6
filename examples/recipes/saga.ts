// A saga: steps in several places, each with what undoes it. When one fails, what was done is undone in the opposite order, and a kill in the
// midst of either way changes nothing: the list of what is to be undone is an ordinary array of the program.
//
//   resprout run examples/recipes/saga.ts --data '{"service":"http://127.0.0.1:8080","trip":"rome"}'
import { activity, idempotencyKey } from 'resprout/durable';

const post = activity(async function post(url: string): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers: { 'idempotency-key': idempotencyKey() } });
  if (!response.ok) throw new Error(`${new URL(url).pathname} answers ${String(response.status)}`);
});

export default async function book(event: { readonly data: { readonly service: string; readonly trip: string } }): Promise<string> {
  const { service, trip } = event.data;
  const undo: (() => Promise<void>)[] = [];
  try {
    for (const what of ['flight', 'hotel', 'car']) {
      await post(`${service}/${what}/${trip}/book`);
      undo.push(() => post(`${service}/${what}/${trip}/cancel`));
    }
    return `${trip} is booked`;
  } catch (error) {
    for (const step of undo.reverse()) await step();
    return `${trip} is not booked: ${error instanceof Error ? error.message : String(error)}`;
  }
}
