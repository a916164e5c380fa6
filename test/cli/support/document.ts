// Pages whose files are written and whose commands are run as they stand there, in their order, each with the exit code that it names.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { REPOSITORY } from '../../support/programs.ts';
import { CLI, type Shop } from './cli.ts';

interface Block {
  readonly section: string;
  readonly language: string;
  readonly text: string;
}

/** The text of a page. @param page such as `docs/commands.md` */
export function pageText(page: string): string {
  return readFileSync(`${REPOSITORY}/${page}`, 'utf8');
}

/** The blocks of code of a page, each with the title of its section. */
function blocksOf(text: string): readonly Block[] {
  return text.split(/^## /m).flatMap((part) =>
    [...part.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language = '', code = '']) => ({
      section: part.split('\n', 1)[0] ?? '',
      language,
      text: code,
    })),
  );
}

/** Runs a script in a shell in which `resprout` and `./resprout` are the command line. */
async function shell(shop: Shop, script: string): Promise<{ readonly exit: number | null; readonly said: string }> {
  const env = shop.env({ PATH: `${shop.folder}:${process.env['PATH'] ?? ''}`, TMPDIR: shop.folder });
  const child = spawn('sh', ['-c', script], { cwd: shop.folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
  return await new Promise((resolve) => child.on('close', (exit) => resolve({ exit, said })));
}

/** A command and the exit code that it is to end with. */
interface Command {
  readonly text: string;
  readonly exit: number;
}

const commandOf = (line: string): Command => {
  const [text = '', exit = '0'] = line.split(/\s+# exit /);
  return { text, exit: Number(exit) };
};

/** Makes `resprout` a command of the folder, and writes the files of a page. */
function writeFiles(shop: Shop, blocks: readonly Block[]): void {
  chmodSync(shop.program.write('resprout', `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`), 0o755);
  for (const { language, text } of blocks) {
    const name = /^\/\/ (\S+\.ts)\n/.exec(text)?.[1];
    if (language === 'ts' && name !== undefined) shop.program.write(name, text);
  }
}

/** Runs all commands of a page, each a line, in their order. @returns what each printed */
export async function runPage(shop: Shop, page: string): Promise<readonly { readonly command: string; readonly text: string }[]> {
  const blocks = blocksOf(pageText(page));
  writeFiles(shop, blocks);
  const said: { command: string; text: string }[] = [];
  for (const line of blocks.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.trimEnd().split('\n'))) {
    const { text: command, exit } = commandOf(line);
    const ended = await shell(shop, command);
    assert.equal(ended.exit, exit, `${line}\n${ended.said}`);
    said.push({ command, text: ended.said });
  }
  return said;
}

/**
 * Tests a page, a test for each section. TypeScript blocks that begin with a comment of a name are files, `sh` blocks are commands.
 * @param isOneScript whether the lines of a block are one script, in which a line may leave something to the next ones
 */
export function testPage(
  shop: Shop,
  page: string,
  { isOneScript, session }: { isOneScript: boolean; session?: () => Promise<string | undefined> },
): void {
  const blocks = blocksOf(pageText(page));
  writeFiles(shop, blocks);
  const sections = Map.groupBy(
    blocks.filter(({ language }) => language === 'sh'),
    (block) => block.section,
  );
  for (const [section, parts] of sections) {
    void test(`${page}, "${section}": every command does what it says`, async () => {
      let id = (await session?.()) ?? '';
      const lines = parts.flatMap(({ text }) => (isOneScript ? [text.trimEnd()] : text.trimEnd().split('\n')));
      for (const line of lines) {
        const commands = line.split('\n').map(commandOf);
        const script = commands.map(({ text, exit }) => (isOneScript ? `${text}\n[ $? = ${String(exit)} ] || exit 99` : text)).join('\n');
        const { exit, said } = await shell(shop, script.replaceAll(/\bSESSION\b/g, id));
        assert.equal(exit, isOneScript ? 0 : commands[0]?.exit, `${line}\n${said}`);
        if (line.startsWith('resprout run')) id = (await session?.()) ?? '';
      }
    });
  }
}
