import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MarkerScanner, type MarkerLine } from './marker.ts';

const MARK = 'm0123456789abcdef';

/** Pushes a text in pieces cut at these places. */
function scan(text: string, cuts: readonly number[]): { noise: string; line?: MarkerLine; rest: string } {
  const bytes = Buffer.from(text, 'latin1');
  const scanner = new MarkerScanner(MARK);
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  let noise = '';
  let from = 0;
  for (const to of places) {
    const scanned = scanner.push(bytes.subarray(from, to));
    noise += Buffer.from(scanned.noise).toString('latin1');
    from = to;
    if (scanned.line !== undefined)
      return {
        noise,
        line: scanned.line,
        rest: Buffer.from(scanned.rest ?? []).toString('latin1') + bytes.subarray(to).toString('latin1'),
      };
  }
  return { noise: noise + Buffer.from(scanner.end()).toString('latin1'), rest: '' };
}

test('MarkerScanner finds the line behind any noise, however it is cut, and keeps what follows', () => {
  const noise = fc
    .array(fc.constantFrom('x', '\n', '\0', '\xff', MARK, `${MARK} `, `${MARK} o`, `'${MARK}'`, ' ok ', 'm0123'), {
      maxLength: 12,
    })
    .filter((parts) => !/m0123456789abcdef (ok|no) /.test(`${parts.join('')}`));
  fc.assert(
    fc.property(noise, fc.array(fc.nat()), fc.constantFrom('', 'RF\0\x01', 'a\nb'), (before, cuts, after) => {
      const found = scan(`${before.join('')}${MARK} ok /opt/my node/bin/node v26.10.0\n${after}`, cuts);
      assert.equal(found.noise, before.join(''));
      assert.deepEqual(found.line, { found: true, path: '/opt/my node/bin/node', version: 'v26.10.0' });
      assert.equal(found.rest, after);
    }),
  );
});

test('MarkerScanner takes an echo of the command line for noise', () => {
  const echo = `+ sh -c 'echo "$0 ok $* $v"' ${MARK} 'a=Buffer'\n`;
  assert.deepEqual(scan(echo, [5, 40]), { noise: echo, rest: '' });
});

test('MarkerScanner reads the list of a far side without a Node that fits', () => {
  const text = `${MARK} no /usr/bin/node v20.1.0;/home/a b/.nvm/versions/node/v9.1.0/bin/node;/opt/node ?;/x y/node junk/v; Linux x86_64\n`;
  assert.deepEqual(scan(text, []).line, {
    found: false,
    candidates: [
      { path: '/usr/bin/node', version: 'v20.1.0', isBroken: false },
      { path: '/home/a b/.nvm/versions/node/v9.1.0/bin/node', version: undefined, isBroken: false },
      { path: '/opt/node', version: undefined, isBroken: true },
      { path: '/x y/node junk/v', version: undefined, isBroken: false },
    ],
    system: 'Linux x86_64',
  });
  assert.deepEqual(scan(`${MARK} no  Linux x86_64\n`, []).line, { found: false, candidates: [], system: 'Linux x86_64' });
});

test('MarkerScanner gives up a line without end, and holds no more than it', () => {
  const scanner = new MarkerScanner(MARK);
  let noiseBytes = 0;
  for (let i = 0; i < 100; i += 1) noiseBytes += scanner.push(Buffer.from(i === 0 ? `${MARK} ok ` : 'x'.repeat(10_000))).noise.length;
  assert.ok(noiseBytes > 900_000, `${noiseBytes} bytes were let go`);
});

test('MarkerScanner gives up many lines without end in the time of one', { timeout: 60_000 }, () => {
  const scanner = new MarkerScanner(MARK);
  const piece = Buffer.from(`${MARK} ok `.repeat(3000));
  let noiseBytes = 0;
  const before = process.cpuUsage();
  for (let i = 0; i < 400; i += 1) noiseBytes += scanner.push(piece).noise.length;
  assert.ok(noiseBytes > 399 * piece.length - 70_000, `${noiseBytes} bytes were let go`);
  assert.ok(process.cpuUsage(before).user < 10e6);
  assert.equal(scanner.push(Buffer.from(`/bin/node v26.0.0\n`)).line?.found, true);
});
