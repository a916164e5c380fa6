import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { groupGone, PROGRAMS, run, workFolder } from './support/harness.ts';

let server: Server;
let url: string;
const requests: string[] = [];

const ID = 'ses_01m86ak2dbn1cm6kytd3q47vkc';

describe('runSession', () => {
  before(async () => {
    server = createServer((request, response) => {
      requests.push(request.url ?? '');
      response.end(`hello ${requests.length}`);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it('runSession runs a program of two calls and gives its value', async () => {
    using folder = workFolder();
    writeFileSync(path.join(folder.path, 'text.txt'), 'from the file');
    const options = {
      file: path.join(PROGRAMS, 'two-steps.ts'),
      folder: folder.path,
      storeFolder: path.join(folder.path, 'store'),
      sessionId: ID,
      data: { file: path.join(folder.path, 'text.txt'), url: `${url}plain` },
    };
    const owner = await run({ mode: 'run', options }, folder.path);
    assert.equal(owner.result?.state, 'done', owner.output);
    const value = owner.result?.value as { text: string; body: string };
    assert.deepEqual([value.text, value.body.slice(0, 5)], ['from the file', 'hello']);
    assert.equal(owner.result?.events, 6);
    assert.match(owner.output, /^first line\n$/);
  });

  for (const victim of ['runner', 'owner'] as const) {
    for (let seq = 0; seq < 6; seq++) {
      it(`resumeSession gives the same result after a kill of the ${victim} once event ${seq} is on disk`, async () => {
        using folder = workFolder();
        const file = path.join(folder.path, 'text.txt');
        writeFileSync(file, 'from the file');
        const storeFolder = path.join(folder.path, 'store');
        const options = { storeFolder, sessionId: ID, file: path.join(PROGRAMS, 'two-steps.ts'), folder: folder.path };
        const data = { file, url: `${url}${victim}${seq}` };
        const kill = victim === 'owner' ? { killOwnerAfter: seq } : { killRunnerAfter: seq };
        const first = await run({ mode: 'run', options: { ...options, data }, ...kill }, folder.path);
        if (victim === 'owner') {
          assert.equal((await first.closed).signal, 'SIGKILL');
          if (seq > 0) await groupGone(first.runnerPid);
        } else if (seq > 0 && seq < 4) assert.equal(first.result?.problem?.code, 'RUNNER_LOST', JSON.stringify(first.result));
        // The answer to the last result has left before the kill: the end may be on its way already, and what arrives counts.
        else if (seq === 4) assert.match(`${first.result?.problem?.code} ${first.result?.state}`, /^(RUNNER_LOST lost|undefined done)$/);
        // What was recorded stays, whatever the world says now.
        if (seq >= 2) writeFileSync(file, 'changed since');
        const second = await run({ mode: 'resume', options }, folder.path);
        if (seq === 5 || first.result?.state === 'done') {
          assert.equal(second.thrown?.code, 'SESSION_ENDED', JSON.stringify([second.thrown, second.result]));
          return;
        }
        assert.equal(second.result?.state, 'done', JSON.stringify([second.thrown, second.result, second.output]));
        const value = second.result?.value as { text: string; body: string };
        assert.deepEqual([value.text, value.body.slice(0, 5)], ['from the file', 'hello']);
        const made = requests.filter((made) => made === `/${victim}${seq}`).length;
        assert.ok(made >= 1 && made <= 2, `the request was made ${made} times`);
        const replayed = await run({ mode: 'replay', options }, folder.path);
        assert.equal(replayed.result?.state, 'done', JSON.stringify(replayed.thrown));
        assert.deepEqual(replayed.result?.value, second.result?.value);
        assert.equal(requests.filter((made) => made === `/${victim}${seq}`).length, made);
      });
    }
  }
});
