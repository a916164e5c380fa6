// An agent: a model is asked, calls tools, and is asked again until it answers. Each answer of the model is paid once: after a kill the
// conversation is there again, and the next question is the next one.
//
//   resprout run examples/recipes/agent.ts --data '{"url":"http://127.0.0.1:8080/v1/chat/completions","question":"How full is the disk?"}'
//
// The key comes from the environment variable MODEL_KEY; it is in no journal.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

type Message =
  | { readonly role: 'user'; readonly content: string }
  | { readonly role: 'tool'; readonly tool_call_id: string; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string | null; readonly tool_calls?: readonly ToolCall[] };

interface ToolCall {
  readonly id: string;
  readonly function: { readonly name: string; readonly arguments: string };
}

const tools: Readonly<Record<string, () => Promise<string>>> = {
  disk: async () => (await run('df', ['-h', '.'])).stdout,
  uptime: async () => (await run('uptime')).stdout,
};

async function ask(url: string, messages: readonly Message[]): Promise<Extract<Message, { role: 'assistant' }>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${process.env['MODEL_KEY'] ?? ''}`, 'content-type': 'application/json' },
    body: JSON.stringify({ messages, tools: Object.keys(tools).map((name) => ({ type: 'function', function: { name } })) }),
    signal: AbortSignal.timeout(60_000),
  });
  if (!response.ok) throw new Error(`the model answers ${String(response.status)}: ${await response.text()}`);
  const { choices } = (await response.json()) as { choices: [{ message: Extract<Message, { role: 'assistant' }> }] };
  return choices[0].message;
}

export default async function agent(event: { readonly data: { readonly url: string; readonly question: string } }): Promise<string> {
  const { url, question } = event.data;
  const messages: Message[] = [{ role: 'user', content: question }];
  for (let turn = 0; turn < 10; turn++) {
    const answer = await ask(url, messages);
    messages.push(answer);
    if (answer.tool_calls === undefined || answer.tool_calls.length === 0) return answer.content ?? '';
    for (const call of answer.tool_calls) {
      const tool = tools[call.function.name];
      const content = tool === undefined ? `there is no tool ${call.function.name}` : await tool();
      messages.push({ role: 'tool', tool_call_id: call.id, content });
    }
  }
  throw new Error('no answer after ten turns');
}
