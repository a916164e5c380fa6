// Loaded by a Node that may be too old for everything else: imports nothing.

const CODE = 'PLATFORM_UNSUPPORTED';
const DO = 'Run it with Node 24.18 or newer, or from a clone, where ./resprout brings the right one';

/** Says that this Node is too old, in the form that was asked for. @returns the exit code */
export function tellOldNode(argv: readonly string[]): number {
  const { node } = process.versions;
  const message = `resprout needs Node 24.18 or newer, and this is ${node}`;
  const saw = `${process.execPath}, Node ${node}`;
  if (argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ ok: false, problem: { code: CODE, message, saw, kept: 'Nothing ran', do: DO }, exit: 4 })}\n`);
  } else process.stderr.write(`x ${CODE}  ${message}\n   saw    ${saw}\n   kept   Nothing ran\n   do     ${DO}\n`);
  return 4;
}
