// The task pages of docs/: their program is a file of examples/, which runs under plain Node and as a session.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLI, REPOSITORY, start } from './support/command.ts';

const PAGES: Readonly<Record<string, string>> = {
  'run-commands': `Linux [one name][another; rm -rf *]
COMMAND_FAILED 2
there is no such file: 1
line 1
line 2
[ 'another; rm -rf *', 'one name' ]
13 bytes were read
COMMAND_TIMEOUT did not end within 500 ms and was ended
`,
  'many-hosts': `local:gone?node=/no/such/node does not open
4 of 4 have told
web-1 done, web-2 not done, web-3 not done, web-4 not done
`,
  'move-files': 'true 0\n1\n2.4.1\ntrue\n',
};

describe('task pages', () => {
  for (const [name, printed] of Object.entries(PAGES)) {
    const file = join(REPOSITORY, `examples/${name}.ts`);
    test(`docs/${name}.md shows examples/${name}.ts as it is`, () => {
      const page = readFileSync(join(REPOSITORY, `docs/${name}.md`), 'utf8');
      assert.ok(page.includes(`\`\`\`ts\n${readFileSync(file, 'utf8')}\`\`\`\n`));
    });
    for (const [how, args] of Object.entries({ 'under plain Node': [file], 'as a session': [CLI, 'run', file] }))
      test(`examples/${name}.ts runs ${how}`, async () => {
        const folder = mkdtempSync(join(tmpdir(), 'resprout-task-'));
        try {
          const running = start(folder, process.execPath, args);
          const { code } = await running.closed;
          assert.equal(code, 0, running.err());
          assert.equal(running.out(), printed);
        } finally {
          rmSync(folder, { recursive: true });
        }
      });
  }
});
