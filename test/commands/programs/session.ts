// Programs that run commands, as sessions.
import { writeFileSync } from 'node:fs';
import { isCommandError, local, Secret } from 'resprout';

export interface Given {
  readonly data: { readonly file: string; readonly go: string };
}

/** Leaves a line there, so that each time it runs can be counted. */
const MARK = 'echo "$1" >> "$0"';

export async function everything({ data }: Given): Promise<unknown> {
  const context = await local({ name: 'web-1' });
  const { $ } = context;
  const secret = new Secret('never-in-a-journal');
  const seen: unknown[] = [];
  seen.push((await $`sh -c ${`${MARK}; echo out`} ${data.file} one`).stdout);
  const error: unknown = await $`sh -c ${`${MARK}; echo why >&2; exit 6`} ${data.file} two`.catch((thrown: unknown) => thrown);
  if (isCommandError(error)) seen.push([error.code, error.message, error.result.exitCode, error.result.stderr]);
  seen.push((await $({ reject: false })`sh -c ${'exit 3'}`).exitCode);
  for await (const line of $`sh -c ${`${MARK}; echo a; echo b`} ${data.file} three`) seen.push(line);
  const lines = $`sh -c ${'echo c; exit 5'}`;
  const loop = (async () => {
    for await (const line of lines) seen.push(line);
  })();
  seen.push(await loop.catch((thrown: { code?: unknown }) => thrown.code));
  seen.push((await $({ env: { PW: secret }, input: secret })`sh -c ${'cat | wc -c; echo ${#PW} ${#0}'} --pw=${secret}`).stdout);
  async function* pieces(): AsyncGenerator<string> {
    yield 'x';
    yield 'y';
  }
  seen.push((await $({ input: pieces() })`cat`).stdout);
  return seen;
}

/** A command that is under way when something is killed: it leaves a line with its process and waits for the file `go`. */
export async function held({ data }: Given): Promise<unknown> {
  const context = await local({ name: 'held' });
  const first = (await context.$`sh -c ${MARK} ${data.file} first`).exitCode;
  const script = 'echo "held $$" >> "$0"; while ! [ -e "$1" ]; do sleep 0.05; done; echo end';
  return [first, (await context.$`sh -c ${script} ${data.file} ${data.go}`).stdout, context.info.generation];
}

/** Lines that are half read when something is killed: the file `go` tells that one was read. */
export async function halfRead({ data }: Given): Promise<unknown> {
  const context = await local({ name: 'half' });
  const seen: string[] = [];
  try {
    for await (const line of context.$`sh -c ${'echo one; echo "read $$" >> "$0"; exec sleep 720'} ${data.file}`) {
      seen.push(line);
      writeFileSync(data.go, '');
    }
  } catch (error) {
    seen.push(String((error as { code?: unknown }).code));
  }
  return seen;
}

/** A command that reads what comes in pieces, and is killed in the middle of it. */
export async function fed({ data }: Given): Promise<unknown> {
  const context = await local({ name: 'fed' });
  async function* pieces(): AsyncGenerator<string> {
    yield 'first\n';
    await context.$`sh -c ${'while ! [ -e "$0" ]; do sleep 0.05; done'} ${data.go}`;
    yield 'second\n';
  }
  const script = 'read line; echo "fed $$" >> "$0"; cat';
  const code: unknown = await context.$({ input: pieces() })`sh -c ${script} ${data.file}`.catch((error: { code?: unknown }) => error.code);
  return [code, (await context.$`echo next`).stdout];
}

/** Ends by a command that fails until the file `go` is there. */
export async function failing({ data }: Given): Promise<unknown> {
  const context = await local({ name: 'failing' });
  await context.$`sh -c ${MARK} ${data.file} before`;
  return (await context.$`cat ${data.go}`).exitCode;
}
