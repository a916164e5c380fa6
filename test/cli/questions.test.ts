// A program that asks the person at the terminal: its question stands there, the live lines are away, and an answer is given once.
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { Shop, jsonOf } from './support/cli.ts';
import { Pty, noPty } from './support/pty.ts';

const shop = new Shop({
  'lines.ts': `
    import { createInterface } from 'node:readline/promises';
    export default async function () {
      // Longer than it takes until live lines are painted.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      const asks = createInterface({ input: process.stdin, output: process.stdout });
      const host = await asks.question('Which host? ');
      console.log('it is ' + host);
      const word = await asks.question('Really? ');
      asks.close();
      return host + ' ' + word;
    }`,
  'keys.ts': `
    import { emitKeypressEvents } from 'node:readline';
    function choose(title: string, names: readonly string[]): Promise<string> {
      return new Promise((resolve) => {
        let at = 0;
        const show = () => process.stdout.write(\`\\r\\u001b[K\${title} > \${names[at]} <\`);
        emitKeypressEvents(process.stdin);
        process.stdin.setRawMode(true);
        process.stdin.resume();
        show();
        const onKey = (_text: string, key: { name: string }): void => {
          if (key.name === 'down') at = (at + 1) % names.length;
          if (key.name !== 'return') return show();
          process.stdin.off('keypress', onKey);
          process.stdin.setRawMode(false);
          process.stdin.pause();
          process.stdout.write('\\n');
          resolve(names[at] ?? '');
        };
        process.stdin.on('keypress', onKey);
      });
    }
    export default async function () {
      await new Promise((resolve) => setTimeout(resolve, 600));
      const size = await choose('Size', ['small', 'large', 'huge']);
      console.log('size', size);
      const colour = await choose('Colour', ['red', 'green']);
      return size + ' ' + colour;
    }`,
});
after(() => shop[Symbol.dispose]());

const id = (n: number): string => `ses_${'0'.repeat(25)}${n}`;
const LIVE = '^C parks the session';
const DOWN = '\u001b[B';

/** Kills a command on its terminal, with everything that it has started. */
async function kill(pty: Pty, session: string): Promise<void> {
  const list = jsonOf(await shop.run(['sessions', '--json'])).value as unknown as { sessionId: string; owner: { pid: number } | null }[];
  const pid = list.find(({ sessionId }) => sessionId === session)?.owner?.pid ?? 0;
  assert.ok(pid > 0, `${session} has no owner`);
  process.kill(pid, 'SIGKILL');
  await pty.ended;
}

test('a question of readline is answered on the terminal, and not asked again after a kill', { skip: noPty }, async () => {
  using first = new Pty(shop, ['run', 'lines.ts', '--session', id(1)]);
  // They may be gone by the time that one looks at the screen.
  await first.until(LIVE);
  await first.untilScreen(/Which host\? $|Which host\?$/);
  assert.ok(!first.screen.lines.at(-1)?.includes(LIVE));
  assert.equal(first.screen.lines.at(-1), 'Which host?');
  first.keys('web-1\r');
  await first.untilScreen(/it is web-1\nReally\?$/);
  await kill(first, id(1));

  using second = new Pty(shop, ['resume', id(1)]);
  await second.untilScreen(/Really\?$/);
  second.keys('yes\r');
  assert.equal(await second.ended, 0);
  const { text } = second.screen;
  assert.match(text, /web-1 yes$/);
  assert.equal(text.split('Which host?').length - 1, 0, text);
});

test(
  'a question that takes single keys gets them, the terminal is as before, and it is not asked again after a kill',
  { skip: noPty },
  async () => {
    using first = new Pty(shop, ['run', 'keys.ts', '--session', id(2)]);
    await first.untilScreen(/Size > small <$/);
    assert.ok(!first.screen.lines.slice(-2).join('\n').includes(LIVE));
    first.keys(DOWN);
    await first.untilScreen(/Size > large <$/);
    first.keys('\r');
    await first.untilScreen(/Colour > red <$/);
    await kill(first, id(2));

    using second = new Pty(shop, ['resume', id(2)]);
    await second.untilScreen(/Colour > red <$/);
    second.keys(DOWN);
    await second.untilScreen(/Colour > green <$/);
    second.keys('\r');
    assert.equal(await second.ended, 0);
    assert.match(second.screen.text, /large green$/);
    assert.doesNotMatch(second.screen.text, /Size/);
  },
);
