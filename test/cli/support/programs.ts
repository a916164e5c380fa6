// Programs for the tests of the command line. What they do depends on files in their folder, so that a test can let them end.

/** A child command that notes every SIGINT it sees, and ends once the file `go` is there. Then the program returns what it printed. */
export const COMMAND = `
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
const SCRIPT = 'test -e go && echo went && exit; trap "echo seen >> sigint" INT; trap "exit 9" TERM; touch started; while :; do sleep 0.05; done';
export default async function () {
  const { stdout } = await promisify(execFile)('sh', ['-c', SCRIPT]);
  return stdout.trim();
}
`;

/** Never comes back to its event loop until the file \`go\` is there. */
export const SYNC_LOOP = `
import { existsSync, writeFileSync } from 'node:fs';
export default async function () {
  writeFileSync('started', '');
  while (!existsSync('go'));
  return 'went';
}
`;

/** Makes no calls at all once it has begun. */
export const SPIN = `
import { writeFileSync } from 'node:fs';
export default async function () {
  writeFileSync('started', '');
  for (;;);
}
`;

/** Sleeps for \`event.data\` milliseconds; says when it begins and when its finally block runs. */
export const SLEEP = `
import { sleep } from 'resprout/durable';
import { appendFileSync } from 'node:fs';
export default async function (event: { data: number }) {
  console.log('before');
  try {
    await sleep(event.data);
    return 'slept';
  } finally {
    appendFileSync('finally', 'ran');
    console.log('after');
  }
}
`;

/** Writes a line a step, as many as \`event.data\` says. */
export const STEPS = `
import { appendFileSync } from 'node:fs';
import { sleep } from 'resprout/durable';
export default async function (event: { data: { steps: number; ms: number } }) {
  for (let i = 0; i < event.data.steps; i++) {
    appendFileSync('steps', \`\${i}\\n\`);
    await sleep(event.data.ms);
  }
  return event.data.steps;
}
`;

/** Writes a line a step until the file `go` is there; returns how many. */
export const UNTIL_GO = `
import { appendFileSync, existsSync } from 'node:fs';
import { sleep } from 'resprout/durable';
export default async function () {
  let steps = 0;
  for (; !existsSync('go'); steps++) {
    appendFileSync('steps', \`\${steps}\\n\`);
    await sleep(100);
  }
  return steps;
}
`;
