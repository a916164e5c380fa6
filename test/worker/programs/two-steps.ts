import { readFile } from 'node:fs/promises';

/** Two calls to the outside, one after the other. */
export async function main(event: { data: { file: string; url: string } }): Promise<{ text: string; body: string; at: number }> {
  console.log('first line');
  const text = await readFile(event.data.file, 'utf8');
  const answer = await fetch(event.data.url);
  return { text, body: await answer.text(), at: Date.now() };
}
