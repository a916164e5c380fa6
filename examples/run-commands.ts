// Runs commands on a target and tells what they gave: `node examples/run-commands.ts ssh://web-1`, or as a session:
// `resprout run examples/run-commands.ts --data '{"target":"ssh://web-1"}'`.
import { connect, isCommandError, Secret } from 'resprout';

export async function main({ data }: { data?: { target?: string } } = {}): Promise<void> {
  await using web = await connect(data?.target ?? 'local:');
  const { $ } = web;

  // Words are split at spaces of the source; a value is one argument, whatever it holds, and an array several.
  const { stdout } = await $`uname -s`;
  const names = ['one name', 'another; rm -rf *'];
  console.log(stdout, (await $`printf [%s] ${names}`).stdout);

  // Another exit code than 0 is an error that holds what the command wrote.
  try {
    await $`ls /no/such/folder`;
  } catch (error) {
    if (!isCommandError(error)) throw error;
    console.log(error.code, error.result.exitCode);
  }
  const { exitCode } = await $({ reject: false })`test -e /no/such/file`;
  console.log('there is no such file:', exitCode);

  // Lines as they come; leaving the loop ends the command.
  for await (const line of $`seq 1 1000000000`) {
    if (line === '3') break;
    console.log('line', line);
  }

  // A pipe needs a shell; what stands in the braces is quoted for it.
  const sorted = await $({ shell: true, lines: true })`printf '%s\n' ${names} | sort`;
  console.log(sorted.stdout);

  // What nobody is to see goes in by stdin or a variable, and is shown nowhere.
  const password = new Secret('correct horse');
  console.log((await $({ input: password })`wc -c`).stdout.trim(), 'bytes were read');

  // A limit of time ends the command with everything that it started.
  const late = await $({ timeoutMs: 500, reject: false })`sleep 600`;
  console.log(late.code, late.why);
}

if (import.meta.main) await main({ data: process.argv[2] === undefined ? {} : { target: process.argv[2] } });
