// An SDK over fetch against a stub: calls, retries of its own, and a stream of server-sent events.
import OpenAI from 'openai';
import { onceMore } from './once-more.ts';

export default async function main(event: { data: { server: string } }): Promise<unknown> {
  const client = new OpenAI({ apiKey: 'test', baseURL: `${event.data.server}/v1`, maxRetries: 2 });
  const answer = await client.chat.completions.create({ model: 'stub', messages: [{ role: 'user', content: 'plan' }] });
  const plan = answer.choices[0]?.message.content ?? '';
  const steps = await Promise.all(
    plan.split(',').map(async (step) => {
      const reply = await client.chat.completions.create({ model: 'stub', messages: [{ role: 'user', content: step }] });
      return reply.choices[0]?.message.content;
    }),
  );
  const streamed = await onceMore(async () => {
    let text = '';
    const stream = await client.chat.completions.create({ model: 'stub', stream: true, messages: [{ role: 'user', content: 'tell' }] });
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    return text;
  });
  return { plan, steps, streamed };
}
