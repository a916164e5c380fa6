import { test } from 'node:test';
import assert from 'node:assert/strict';
import { dialTest } from '../../../../test/ssh/support/dialling.ts';
import { needs } from '../../../../test/support/needs.ts';
import { until } from '../../../../test/support/until.ts';
import { startProcess } from '../../../platform/process/spawner.ts';
import { realClock } from '../../../platform/time/clock.ts';
import { parseRecipe } from '../parse-recipe.ts';
import { byteSource, readablePipe } from './byte-source.ts';
import { Terminal, TERMINAL_GIVERS } from './terminal.ts';

const TOOL = ['sh', '-c', 'printf "name: " >/dev/tty; read x </dev/tty; echo "got $x"; exec sleep 6301'];

for (const { file, args } of TERMINAL_GIVERS) {
  const skip = needs('linux', { program: file, debianPackage: file });

  test(`Terminal is given to a tool by ${file}: it asks there, its stdout is ours, and it is hung up when we close`, { skip }, async () => {
    const terminal = Terminal.open(realClock);
    try {
      const child = await startProcess({
        file,
        args: [...args, ...TOOL],
        env: { PATH: process.env['PATH'] ?? '' },
        stdio: ['null', 'pipe', 'null', terminal.fd],
      });
      const [shown, said] = [['terminal'], ['stdout']];
      terminal.read((bytes) => void shown.push(Buffer.from(bytes).toString()));
      byteSource(readablePipe(child.pipes[1])).onData((bytes) => void said.push(Buffer.from(bytes).toString()));
      await until('the question', () => shown.join('').includes('name: '));
      terminal.type('Ada\n');
      await until('the answer', () => said.join('').includes('got Ada\n'));
      terminal.close();
      terminal.close();
      assert.deepEqual(await child.exited, { code: null, signal: 'SIGHUP' });
    } finally {
      terminal.close();
    }
  });
}

test(
  'Terminal: a tool that wants one says what is missing where nothing can give it, and where it is missing itself',
  { skip: needs('linux') },
  async () => {
    const failed = async (recipe: object, env: Record<string, string> = {}): Promise<string> =>
      await dialTest(parseRecipe({ method: 'doas', ...recipe }), { env }).then(
        () => 'opened',
        (error: Error & { code?: string }) => `${error.code ?? ''} ${error.message}`,
      );
    assert.match(
      await failed({}, { PATH: '/nowhere' }),
      /^REMOTE_CONNECT_FAILED doas root asks at a terminal; perl or python3 must be there/,
    );
    assert.match(await failed({ toolPath: '/nowhere/doas' }), /^REMOTE_CONNECT_FAILED doas root ended .* before the far side spoke/);
  },
);
