// docs/commands.md: its files are written, its commands are run as they stand there, in their order, each with the exit code it names.
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { REPOSITORY } from '../support/programs.ts';
import { CLI, Shop, jsonOf, nothingLeft } from './support/cli.ts';

interface Block {
  readonly section: string;
  readonly language: string;
  readonly text: string;
}

const DOCUMENT = readFileSync(`${REPOSITORY}/docs/commands.md`, 'utf8');

function blocks(): Block[] {
  return DOCUMENT.split(/^## /m).flatMap((part) =>
    [...part.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language = '', text = '']) => ({
      section: part.split('\n', 1)[0] ?? '',
      language,
      text,
    })),
  );
}

const shop = new Shop();
after(() => shop[Symbol.dispose]());

/** Runs a line in a shell in which `resprout` is the command line. */
async function shell(line: string): Promise<{ readonly exit: number | null; readonly said: string }> {
  const script = `resprout() { "$NODE" "$CLI" "$@"; }\n${line}`;
  const env = shop.env({ NODE: process.execPath, CLI });
  const child = spawn('sh', ['-c', script], { cwd: shop.folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
  return await new Promise((resolve) => child.on('close', (exit) => resolve({ exit, said })));
}

for (const { language, text } of blocks()) {
  const name = /^\/\/ (\S+\.ts)\n/.exec(text)?.[1];
  if (language === 'ts' && name !== undefined) shop.program.write(name, text);
}

const sections = Map.groupBy(
  blocks().filter(({ language }) => language === 'sh'),
  ({ section }) => section,
);

for (const [section, parts] of sections) {
  test(`docs/commands.md, "${section}": every command does what it says`, async () => {
    let session = (await newest()) ?? '';
    for (const line of parts.flatMap(({ text }) => text.trimEnd().split('\n'))) {
      const [command = '', wanted = '0'] = line.split(/\s+# exit /);
      const { exit, said } = await shell(command.replaceAll(/\bSESSION\b/g, session));
      assert.equal(exit, Number(wanted), `${command}\n${said}`);
      if (command.startsWith('resprout run')) session = (await newest()) ?? '';
    }
  });
}

async function newest(): Promise<string | undefined> {
  const list = jsonOf(await shop.run(['sessions', '--json'])).value as unknown as { sessionId: string }[];
  return list[0]?.sessionId;
}

test('docs/commands.md names every command', async () => {
  const { out } = await shop.run(['--help']);
  const names = [...out.matchAll(/^ {2}(\w+) .*\S {2,}\S|^ {2}(sessions) /gm)].map(([, one, other]) => one ?? other ?? '');
  const commands = names.filter((name) => !['resprout'].includes(name));
  assert.ok(commands.length >= 8, commands.join(' '));
  for (const name of commands) assert.ok(DOCUMENT.includes(`resprout ${name}`), name);
  await nothingLeft(shop.folder);
});
