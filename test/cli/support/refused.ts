// What every refusal has in common, in both forms: a code with its exit code and a cure, no stack, nothing on stdout but one JSON value.
import assert from 'node:assert/strict';
import { ERROR_CODES, isErrorCode } from '../../../src/base/errors/error-codes.ts';
import { jsonOf, type Ended, type Problem, type RunOptions, type Shop } from './cli.ts';

export interface Refusal {
  readonly problem: Problem;
  readonly plain: Ended;
}

/** Runs a command as it is and with --json, at the same time. */
export async function refused(shop: Shop, args: readonly string[], code: string, options: RunOptions = {}): Promise<Refusal> {
  const [plain, json] = await Promise.all([shop.run(args, options), shop.run(withJson(args), options)]);
  return { problem: checkRefusal(plain, json, code), plain };
}

function withJson(args: readonly string[]): string[] {
  const at = args.indexOf('--');
  return at < 0 ? [...args, '--json'] : [...args.slice(0, at), '--json', ...args.slice(at)];
}

/** Checks both forms of one refusal. */
export function checkRefusal(plain: Ended, json: Ended, code: string): Problem {
  const shown = jsonOf(json);
  const { problem } = shown;
  assert.ok(problem !== undefined && !shown.ok, json.out);
  assert.equal(problem.code, code, json.out);
  assert.ok(isErrorCode(code));
  assert.equal(plain.exit, ERROR_CODES[code].exit, plain.err);
  assert.deepEqual([json.exit, shown.exit], [plain.exit, plain.exit], json.out);
  assert.equal(plain.out, '', 'stdout is the program’s');
  assert.match(plain.err, new RegExp(`^✖ ${code}  `, 'm'));
  assert.match(plain.err, /^ {3}do {5}\S/m);
  assert.match(plain.err, new RegExp(`^ {3}more {3}resprout help ${code}$`, 'm'));
  assert.doesNotMatch(plain.err + json.err, /^\| /m, 'no stack without --verbose');
  assert.ok(problem.message !== '' && problem.do !== '');
  // What ssh says is repeated as it says it.
  if (!code.startsWith('REMOTE_')) assert.doesNotMatch(problem.message, /\.$/, 'no final period');
  return problem;
}
