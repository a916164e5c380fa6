// Types of commands and files: what output is with which options, what may stand in a template.
import type { Command, Context, Secret, Shell, TransferResult } from '../../src/index.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function yes<T extends true>(): T | undefined {
  return undefined;
}

declare const context: Context;
declare const secret: Secret;
declare const $: Shell;

export async function outputs(): Promise<void> {
  const text = await $`ls`;
  yes<Equal<typeof text.stdout, string>>();
  const lines = await $({ lines: true })`ls`;
  yes<Equal<typeof lines.stdout, readonly string[]>>();
  const bytes = await $({ encoding: 'bytes' })({ cwd: '/' })`ls`;
  yes<Equal<typeof bytes.stderr, Uint8Array>>();
  const again = await $({ lines: true })({ lines: false })`ls`;
  yes<Equal<typeof again.stdout, string>>();
  const command: Command = context.$`ls`;
  for await (const line of command) yes<Equal<typeof line, string>>();
}

export function values(): void {
  void $`ls ${'a'} ${1} ${2n} ${secret} ${['a', 1, secret]}`;
  void (async () => $`ls ${await $`ls`}`)();
  // @ts-expect-error -- a promise is awaited first
  void $`ls ${$`ls`}`;
  // @ts-expect-error -- an object is no argument
  void $`ls ${{ a: 1 }}`;
  // @ts-expect-error -- nor is nothing
  void $`ls ${undefined}`;
  // @ts-expect-error -- there is no such option
  void $({ timeout: 5 })`ls`;
}

export async function files(): Promise<void> {
  const put = await context.files.put('a', 'b', { compare: 'hash' });
  yes<Equal<typeof put, TransferResult>>();
  await context.files.get('a', new URL('file:///b'));
  const text = await context.files.read('a');
  yes<Equal<typeof text, string>>();
  const bytes = await context.files.read('a', { encoding: 'bytes' });
  yes<Equal<typeof bytes, Uint8Array>>();
  await context.files.write('a', secret, { mode: 0o600 });
  // @ts-expect-error -- a path of the far side is a text
  await context.files.get(new URL('file:///a'), 'b');
}
