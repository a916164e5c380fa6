// Child processes of programs: the cases of Node's own use, each in all ways.
import { table, type Cases } from './support/table.ts';

const imports = `
import { spawn, fork, exec, execFile, execSync, execFileSync, spawnSync, ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync, openSync, closeSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import { promisify } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { AsyncLocalStorage } from 'node:async_hooks';
const sh = (script: string, options = {}) => spawn('sh', ['-c', script], options);
`;

const cases: Cases = {
  'exit, end and close come in the order of Node': `
    const c = sh('echo a; echo b >&2; exit 3'); const got = [];
    c.on('spawn', () => got.push('spawn')); c.on('exit', () => got.push('exit'));
    let out = ''; c.stdout.on('data', (d) => out += 'o' + d); c.stderr.on('data', (d) => out += 'e' + d);
    const [code, signal] = await once(c, 'close');
    return [got, out.length, code, signal, c.exitCode, c.signalCode, c.killed, c instanceof ChildProcess, c.spawnfile, c.spawnargs.length];`,
  'it looks like a child of Node': `
    const { inspect } = await import('node:util'); const c = spawn('true'); await once(c, 'close'); const e = execFile('true', () => {}); const [code] = await once(e, 'close');
    return [inspect(c).split(' {')[0], c.constructor === ChildProcess, Object.keys(c).filter((key) => !key.startsWith('_')).sort(), inspect(e, { depth: 0 }).split(' {')[0], e.constructor.name, code];`,
  'output that nobody reads does not hold back close': `
    const c = sh('echo unread'); const [code] = await once(c, 'close'); return [code, c.stdout.destroyed, c.stdout.readableEnded];`,
  'a listener that comes late still hears': `
    const c = sh('read go; echo late'); await delay(60); const said = text(c.stdout); c.stdin.end('go\\n'); return [(await said).trim()];`,
  'stdin takes what is written': `
    const c = spawn('cat'); c.stdin.write('one\\n'); c.stdin.end('two\\n'); return [await text(c.stdout), c.stdin.writable];`,
  'one child pipes into another': `
    const a = sh('printf "b\\\\na\\\\nc\\\\n"'); const b = spawn('sort'); a.stdout.pipe(b.stdin); return (await text(b.stdout)).trim();`,
  'kill says true once': `
    const c = spawn('sleep', ['5']); const first = c.kill(); const [code, signal] = await once(c, 'exit'); return [first, c.killed, c.kill(), code, signal, c.signalCode];`,
  'kill refuses what is no signal': `
    const c = spawn('sleep', ['5']); let code; try { c.kill('SIGNOTHING'); } catch (error) { code = error.code; } c.kill('SIGKILL'); const [, signal] = await once(c, 'exit'); return [code, signal];`,
  'a missing command is an error event': `
    const c = spawn('/no/such/command', ['x']); const got = []; c.on('close', (code) => got.push(['close', code])); const [error] = await once(c, 'error'); await delay(20);
    return [error.code, error.errno, error.syscall, error.path, error.spawnargs, c.pid === undefined, c.exitCode, got];`,
  'wrong arguments are refused in the words of Node': `
    const codes = []; for (const f of [() => spawn(''), () => spawn('true', 5), () => spawn('true', [], 'x'), () => spawn('true', { cwd: 5 }), () => spawn('true', { timeout: -1 }), () => execFile('true', { maxBuffer: -1 })]) try { f(); } catch (error) { codes.push(error.code); } return codes;`,
  'a listener removes itself': `
    const c = sh('echo a; sleep 0.1; echo b'); let n = 0; const once1 = () => { n++; c.stdout.off('data', once1); }; c.stdout.on('data', once1); await once(c, 'close'); return n;`,
  'this is the child': `
    const c = spawn('true'); return await new Promise((resolve) => c.on('close', function () { resolve(this === c); }));`,
  'readline reads the output': `
    const c = spawn('seq', ['100']); const lines = []; for await (const line of createInterface({ input: c.stdout })) lines.push(line); return [lines.length, lines.at(-1)];`,
  'setEncoding gives the stream': `
    const c = spawn('printf', ['é']); return await new Promise((resolve) => c.stdout.setEncoding('utf8').on('data', resolve));`,
  'an aborted signal ends it': `
    const stop = new AbortController(); const c = spawn('sleep', ['5'], { signal: stop.signal }); setTimeout(() => stop.abort(), 30); const [error] = await once(c, 'error'); const signal = c.signalCode; await once(c, 'exit'); return [error.name, error.code, signal, c.signalCode];`,
  'using kills it': `
    let child; { using c = spawn('sleep', ['5']); child = c; } const [, signal] = await once(child, 'exit'); return signal;`,
  'a forked child answers three messages': {
    body: `
    const cwd = mkdtempSync('/tmp/kid-'); writeFileSync(cwd + '/kid.mjs', "process.on('message', (m) => { process.send({ twice: m.n * 2 }); if (m.n === 3) process.disconnect(); })");
    const c = fork('./kid.mjs', { cwd }); const got = []; c.on('message', (m) => { got.push(m.twice); if (got.length < 3) c.send({ n: got.length + 1 }); }); const sent = c.send({ n: 1 }); const [code] = await once(c, 'exit'); rmSync(cwd, { recursive: true }); return [got, sent, c.connected, code];`,
    step: 2,
  },
  'messages keep their types with advanced serialization': {
    body: `
    const cwd = mkdtempSync('/tmp/kid-'); writeFileSync(cwd + '/kid.mjs', "process.on('message', (m) => { process.send(new Map([[...m][0], ['n', 10n]])); process.disconnect(); })");
    const c = fork('./kid.mjs', { cwd, serialization: 'advanced' }); c.send(new Set([['d', new Date(5)]])); const [m] = await once(c, 'message'); await once(c, 'exit'); rmSync(cwd, { recursive: true }); return [m instanceof Map, m.get('d') instanceof Date, String(m.get('n'))];`,
    step: 2,
  },
  'a slow reader holds the child back': {
    body: `
    const c = spawn('head', ['-c', '600000', '/dev/zero']); let n = 0; for await (const chunk of c.stdout) { n += chunk.length; await delay(1); } return n;`,
    step: 5,
  },
  'write and reply in a loop': {
    body: `
    const c = spawn('cat'); c.stdout.setEncoding('utf8'); const got = []; for (let i = 0; i < 5; i++) { c.stdin.write('n' + i + '\\n'); const [line] = await once(c.stdout, 'data'); got.push(line.trim()); } c.stdin.end(); await once(c, 'close'); return got;`,
  },
  'the output as an array': `
    const c = sh('printf one'); return (await Array.fromAsync(c.stdout)).map(String);`,
  'compose through a child': `
    const c = spawn('tr', ['a-z', 'A-Z']); const through = Duplex.from({ writable: c.stdin, readable: c.stdout }); through.end('shout'); return await text(through);`,
  'promisified exec has its child': `
    const p = promisify(exec)('echo hi; echo no >&2'); const has = p.child !== undefined; const { stdout, stderr } = await p; return [stdout, stderr, has];`,
  'execFile that fails': `
    try { await promisify(execFile)('sh', ['-c', 'echo out; echo err >&2; exit 7']); } catch (error) { return [error.code, error.stdout, error.stderr, error.cmd, error.killed, error.signal, error.message]; }`,
  'execFile of a missing command': `
    return await new Promise((resolve) => execFile('/no/such', ['a'], (error, stdout) => resolve([error.code, error.syscall, error.path, error.spawnargs, stdout])));`,
  'exec with a callback and options': `
    return await new Promise((resolve) => exec('printf x$V; pwd | wc -l', { env: { ...process.env, V: '5' }, encoding: 'buffer' }, (error, stdout) => resolve([error, Buffer.isBuffer(stdout), String(stdout).trim()])));`,
  'execFile whose stdin is written': `
    return await new Promise((resolve) => { const c = execFile('cat', (error, stdout) => resolve([error, stdout])); c.stdin.end('given'); });`,
  'exec that is killed at once': `
    return await new Promise((resolve) => { const c = exec('exec sleep 5', (error) => resolve([error.killed, error.signal, error.code])); c.kill(); });`,
  'exec that is killed later': `
    return await new Promise((resolve) => { const c = execFile('sleep', ['5'], (error) => resolve([error.signal, error.code])); setTimeout(() => c.kill(), 30); });`,
  'exec that is aborted': `
    const stop = new AbortController(); setTimeout(() => stop.abort(), 30); try { await promisify(execFile)('sleep', ['5'], { signal: stop.signal }); } catch (error) { return [error.name, error.code]; }`,
  'exec has a time limit': `
    return await new Promise((resolve) => exec('exec sleep 5', { timeout: 50 }, (error) => resolve([error.killed, error.signal])));`,
  'exec has a limit of output': `
    return await new Promise((resolve) => execFile('seq', ['1000'], { maxBuffer: 10 }, (error, stdout) => resolve([error.code, stdout])));`,
  'exec whose child is listened to': `
    const c = exec('echo x; exit 2'); let out = ''; c.stdout.on('data', (d) => out += d); const [code] = await once(c, 'close'); return [out, code, typeof c.pid];`,
  'a child that is read before anything was heard': `
    const c = sh('sleep 0.2; echo x'); const pid = c.pid; return [typeof pid, (await text(c.stdout)).trim()];`,
  'stdio that is ignored or a descriptor': {
    body: `
    const fd = openSync(process.cwd() + '/out.txt', 'w'); const c = sh('echo file; echo gone >&2', { stdio: ['ignore', fd, 'ignore'] }); const [code] = await once(c, 'close'); closeSync(fd); return [code, c.stdin, c.stdout, c.stdio, readFileSync(process.cwd() + '/out.txt', 'utf8')];`,
  },
  'a fourth pipe': `
    const c = sh('echo three >&3', { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] }); return [(await text(c.stdio[3])).trim(), c.stdio.length];`,
  'a time limit of spawn': `
    const c = spawn('sleep', ['5'], { timeout: 40, killSignal: 'SIGINT' }); const [, signal] = await once(c, 'exit'); return [signal, c.killed];`,
  'a detached child that is not waited for': `
    const c = spawn('true', { detached: true, stdio: 'ignore' }); c.unref(); c.ref(); await once(c, 'exit'); return typeof c.pid;`,
  'environment and folder are those of the session': `
    process.env.FROM = 'session'; const c = sh('echo $FROM; pwd'); const [from, folder] = (await text(c.stdout)).trim().split('\\n'); return [from, folder === process.cwd()];`,
  'calls that block': `
    const out = execSync('echo a').toString() + execFileSync('echo', ['b'], { encoding: 'utf8' }); const r = spawnSync('sh', ['-c', 'cat; exit 4'], { input: 'in' }); let code; try { execSync('exit 3', { stdio: 'pipe' }); } catch (error) { code = [error.status, error.message.split('\\n')[0]]; }
    return [out, r.status, String(r.stdout), r.signal, r.output.length, code, spawnSync('/no/such').error.code];`,
  'the first of two children': {
    body: `const a = sh('exec sleep 5'), b = sh('exit 1'); const first = await Promise.race([once(a, 'exit').then(() => 'a'), once(b, 'exit').then(() => 'b')]); a.kill(); await once(a, 'exit'); return first;`,
  },
  'text and finished of both outputs': `
    const c = sh('echo o; echo e >&2'); const [o, e] = await Promise.all([text(c.stdout), text(c.stderr), finished(c.stdout)]); return [o, e];`,
  'pause and resume in the listener': `
    const c = spawn('seq', ['2000']); let n = 0; c.stdout.on('data', (d) => { n += d.length; c.stdout.pause(); setTimeout(() => c.stdout.resume(), 5); }); await once(c, 'close'); return n;`,
  'the async context of the making': `
    const als = new AsyncLocalStorage(); const c = als.run('mine', () => { const c = sh('echo x'); return c; }); const seen = []; als.run('mine', () => { c.stdout.on('data', () => seen.push(als.getStore())); c.on('exit', () => seen.push(als.getStore())); }); await once(c, 'close'); return seen;`,
  'a chain of immediates between two events': `
    const c = sh('echo a; sleep 0.1; echo b'); let n = 0; c.stdout.on('data', () => { let left = 20; const next = () => { n++; if (--left > 0) setImmediate(next); }; setImmediate(next); }); await once(c, 'close'); return n >= 20;`,
};

table(imports, cases);
