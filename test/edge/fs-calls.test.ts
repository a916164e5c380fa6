// Functions of node:fs that take paths, in all forms and whoever calls them.
import { testAll } from './support/check.ts';

testAll([
  {
    name: 'every synchronous function gives what Node gives',
    files: { 'a/one.txt': 'one', 'a/b/two.txt': 'two' },
    body: `
      const at = (name) => path.join(d, name);
      fs.accessSync(at('a')); fs.appendFileSync(at('x'), 'x'); fs.appendFileSync(at('x'), 'y'); fs.chmodSync(at('x'), 0o600);
      fs.copyFileSync(at('x'), at('y')); fs.cpSync(at('a'), at('c'), { recursive: true }); fs.linkSync(at('x'), at('l'));
      fs.symlinkSync('x', at('s')); fs.renameSync(at('y'), at('z')); fs.truncateSync(at('z'), 1); fs.utimesSync(at('z'), 5, 6);
      fs.lutimesSync(at('s'), 7, 8);
      const made = fs.mkdirSync(at('m/n/o'), { recursive: true });
      const temporary = fs.mkdtempSync(at('t-'));
      fs.rmdirSync(temporary); fs.writeFileSync(at('w'), Buffer.from('w')); fs.rmSync(at('c'), { recursive: true });
      fs.unlinkSync(at('l'));
      return [made === at('m'), temporary.startsWith(at('t-')), fs.existsSync(at('z')), fs.existsSync(at('no')), fs.statSync(at('z')).mtimeMs,
        fs.lstatSync(at('s')).isSymbolicLink(), fs.readlinkSync(at('s')), fs.realpathSync(at('s')) === at('x'), fs.realpathSync.native(at('s')) === at('x'),
        fs.readdirSync(d), fs.readFileSync(at('x'), 'utf8'), fs.readFileSync(at('x')).length, (fs.statSync(at('x')).mode & 0o777).toString(8),
        typeof fs.statfsSync(d).bsize, fs.globSync('**/*.txt', { cwd: d }).sort(), fs.statSync(at('no'), { throwIfNoEntry: false }) === undefined];`,
  },
  {
    name: 'every function with a callback gives what Node gives',
    files: { 'a/one.txt': 'one' },
    body: `
      const at = (name) => path.join(d, name);
      const call = (name, ...args) => new Promise((resolve) => fs[name](...args, (...given) => resolve(given.filter((one) => one !== undefined).map((one) => one?.code ?? one))));
      const seen = [];
      for (const [name, ...args] of [['access', at('a')], ['access', at('no')], ['appendFile', at('x'), 'xyz'], ['chmod', at('x'), 0o600], ['copyFile', at('x'), at('y')],
        ['cp', at('a'), at('c'), { recursive: true }], ['link', at('x'), at('l')], ['symlink', 'x', at('s')], ['rename', at('y'), at('z')], ['truncate', at('z'), 1],
        ['utimes', at('z'), 5, 6], ['lutimes', at('s'), 5, 6], ['mkdir', at('m')], ['mkdir', at('m')], ['writeFile', at('w'), 'w', 'utf8'], ['readFile', at('w'), 'utf8'], ['readFile', at('w')],
        ['readdir', d], ['readlink', at('s')], ['rm', at('c'), { recursive: true }], ['rmdir', at('m')], ['unlink', at('l')], ['glob', '*/*.txt', { cwd: d }]])
        seen.push([name, await call(name, ...args)]);
      seen.push((await call('realpath', at('s')))[1] === at('x'), (await call('mkdtemp', at('t-')))[0]);
      fs.rmdirSync(fs.readdirSync(d).map(at).find((one) => one.includes('t-')));
      seen.push(await new Promise((resolve) => fs.exists(at('w'), resolve)), await new Promise((resolve) => fs.realpath.native(at('s'), (e, p) => resolve(p === at('x')))));
      return seen;`,
  },
  {
    name: 'every function of node:fs/promises gives what Node gives',
    files: { 'a/one.txt': 'one' },
    body: `
      const at = (name) => path.join(d, name);
      await fsp.access(at('a')); await fsp.appendFile(at('x'), 'xyz'); await fsp.chmod(at('x'), 0o600); await fsp.copyFile(at('x'), at('y'));
      await fsp.cp(at('a'), at('c'), { recursive: true }); await fsp.link(at('x'), at('l')); await fsp.symlink('x', at('s')); await fsp.rename(at('y'), at('z'));
      await fsp.truncate(at('z'), 1); await fsp.utimes(at('z'), 5, 6); await fsp.lutimes(at('s'), 5, 6); await fsp.mkdir(at('m')); await fsp.rmdir(at('m'));
      await fsp.writeFile(at('w'), 'w'); await fsp.writeFile(at('p'), (function* () { yield 'one '; yield 'two'; })());
      await fsp.appendFile(at('p'), Readable.from(['!', '?']));
      await fsp.rm(at('c'), { recursive: true }); await fsp.unlink(at('l'));
      const found = []; for await (const one of fsp.glob('*/*.txt', { cwd: d })) found.push(one);
      return [await fsp.readFile(at('w'), { encoding: 'utf8' }), await fsp.readFile(at('p'), 'utf8'), (await fsp.stat(at('z'))).size, (await fsp.lstat(at('s'))).isSymbolicLink(),
        await fsp.readdir(d), await fsp.readlink(at('s')), (await fsp.realpath(at('s'))) === at('x'), typeof (await fsp.statfs(d)).blocks, found,
        await caught(() => fsp.readFile(at('no'))), await caught(() => fsp.copyFile(at('no'), at('no2'))), await caught(() => fsp.rmdir(at('a')))];`,
  },
  {
    name: 'errors of the system have their fields, and what Node refuses is refused as it refuses it',
    body: `
      const at = (name) => path.join(d, name);
      const seen = [];
      for (const run of [() => fs.readFileSync(at('no')), () => fs.renameSync(at('no'), at('other')), () => fs.mkdirSync(d), () => fs.opendirSync(at('no')), () => fs.openSync(at('no'), 'r')])
        try { run(); } catch (error) { seen.push([error.name, error.code, error.errno, error.syscall, error.path === at('no') || error.path === d, error.dest === at('other'), error.message.replaceAll(d, 'D'), error instanceof Error]); }
      for (const run of [() => fs.readFileSync(null), () => fs.readFile(at('x')), () => fs.readFile(at('x'), 'no such', () => 1), () => fs.statSync('a\\0b'), () => fs.writeFileSync(at('x'), 5), () => fs.openSync(at('x'), 'q'),
        () => fs.readSync('x', Buffer.alloc(1)), () => fs.readSync(5000000, Buffer.alloc(1)), () => fs.writeSync(1, {}), () => fs.closeSync(-1), () => fs.mkdir(at('x'), {})])
        try { run(); seen.push('nothing'); } catch (error) { seen.push([error.name, error.code, error.message.split('\\n')[0]]); }
      seen.push(await caught(() => fsp.readFile(null)), await caught(() => fsp.open(at('no'))));
      seen.push(await new Promise((resolve) => fs.close(5000000, (error) => resolve([error.code, error.syscall]))));
      return seen;`,
  },
  {
    name: 'a function of node:fs is recorded whoever calls it',
    files: { one: '1', two: '2', three: '3' },
    body: `
      const at = (name) => path.join(d, name);
      const append = promisify(fs.appendFile);
      await append(at('ledger'), 'paid 10;');
      await pause();
      [at('one'), at('two')].forEach(fs.unlinkSync);
      const sizes = [at('three'), at('ledger')].map((file) => file).map(fs.statSync).map((one) => one.size);
      await pause();
      const text = await Promise.resolve(at('three')).then(fsp.readFile).then(String);
      setTimeout(fs.appendFileSync, 2, at('ledger'), 'later;');
      await new Promise((resolve) => setTimeout(fs.appendFile, 4, at('ledger'), 'latest', resolve));
      const bound = fs.readFileSync.bind(fs, at('ledger'));
      const there = await promisify(fs.exists)(at('ledger'));
      const { readFile } = fs;
      const read = await new Promise((resolve) => Reflect.apply(readFile, fs, [at('ledger'), 'utf8', (error, data) => resolve(data)]));
      return [sizes, text, String(bound()), there, read, fs.readdirSync(d), fs.appendFile.name, fs.readFile.length, fs.statSync.name];`,
  },
  {
    name: 'a callback runs in the async context in which it was given',
    files: { a: 'a' },
    body: `
      const { AsyncLocalStorage } = await import('node:async_hooks');
      const store = new AsyncLocalStorage(); const seen = [];
      await Promise.all(['one', 'two'].map((name) => new Promise((resolve) =>
        store.run(name, () => fs.stat(path.join(d, 'a'), () => { seen.push(store.getStore()); resolve(); })))));
      return seen.sort();`,
  },
  {
    name: 'functions as callbacks: push, resolvers, resolve',
    files: { one: '1' },
    body: `
      const at = (name) => path.join(d, name);
      const list = []; fs.readdir(d, list.push.bind(list));
      const { promise, resolve } = Promise.withResolvers(); fs.access(at('one'), resolve);
      const missing = await new Promise((r) => fs.access(at('no'), r));
      while (list.length === 0) await pause(1);
      return [await promise, missing.code, list];`,
  },
  {
    name: 'Stats, BigIntStats, StatFs and Dirent have their methods and classes',
    files: { 'a/one': '1', 'a/b/two': '22' },
    body: `
      const at = (name) => path.join(d, name);
      const big = fs.statSync(at('a/one'), { bigint: true });
      const later = await fsp.stat(at('a/one'), { bigint: true });
      const stat = await new Promise((resolve) => fs.stat(at('a'), (error, one) => resolve(one)));
      const entries = fs.readdirSync(at('a'), { withFileTypes: true, recursive: true }).map((one) => [one.name, one.isFile(), one.isDirectory(), one instanceof fs.Dirent, one.parentPath.startsWith(d)]);
      const buffers = fs.readdirSync(at('a'), { encoding: 'buffer' }).map((one) => [Buffer.isBuffer(one), String(one)]);
      return [String(big.size), typeof big.mtimeNs, big.isFile(), big.constructor.name, big.mtime instanceof Date, later.isDirectory(), stat instanceof fs.Stats, stat.isDirectory(), stat.mtime.getTime() === Math.round(stat.mtimeMs) || stat.mtime.getTime() === Math.floor(stat.mtimeMs),
        entries, buffers, (await fsp.readdir(d, { withFileTypes: true }))[0].isDirectory(), fs.statfsSync(d).constructor.name, (await fsp.statfs(d, { bigint: true })).bsize > 0n];`,
  },
  {
    name: 'folders: opendir by for await, read, readSync and callbacks, disposed',
    files: { 'a/1': '', 'a/2': '', 'a/b/3': '' },
    body: `
      const at = (name) => path.join(d, name);
      const seen = [];
      for await (const entry of await fsp.opendir(at('a'))) seen.push([entry.name, entry.isFile(), entry.isDirectory()]);
      const dir = fs.opendirSync(at('a'));
      let entry; const names = [];
      while ((entry = dir.readSync()) !== null) names.push(entry.name);
      dir.closeSync();
      { await using other = await fsp.opendir(at('a'), { recursive: true }); for (let one; (one = await other.read()) !== null; ) names.push(one.name); names.push(other.path === at('a'), other instanceof fs.Dir); }
      const third = await new Promise((resolve) => fs.opendir(at('a'), (error, one) => resolve(one)));
      const first = await new Promise((resolve) => third.read((error, one) => resolve(one.name)));
      await third.close();
      return [seen.sort(), names.map(String).sort(), first, await caught(() => third.read()), await caught(() => third.close()), await caught(() => fsp.opendir(at('no'))), await Array.fromAsync(await fsp.opendir(at('a')), (one) => one.name).then((all) => all.sort())];`,
  },
  {
    name: 'cp with a filter, sync, by promise and by callback: the filter is code of the program',
    files: { 'a/one.txt': '1', 'a/two.md': '2', 'a/b/three.txt': '3', 'a/c/four.md': '4' },
    body: `
      const at = (name) => path.join(d, name);
      const seen = [];
      const filter = (from, to) => { seen.push([path.relative(d, from), path.relative(d, to)]); return !from.endsWith('.md') && !from.endsWith('/c'); };
      fs.cpSync(at('a'), at('x'), { recursive: true, filter });
      await fsp.cp(at('a'), at('y'), { recursive: true, filter: async (from, to) => { await pause(1); return filter(from, to); } });
      await new Promise((resolve, reject) => fs.cp(at('a'), at('z'), { recursive: true, filter }, (error) => error ? reject(error) : resolve()));
      return [seen, fs.readdirSync(at('x')), fs.readdirSync(at('y/b')), fs.readdirSync(at('z'))];`,
  },
  {
    name: 'glob with an exclude function and with file types',
    files: { 'a/one.txt': '1', 'b/two.txt': '2', 'b/c/three.txt': '3' },
    body: `
      const exclude = (name) => path.basename(name) === 'c' || name === 'a';
      const by = await new Promise((resolve, reject) => fs.glob('**/*.txt', { cwd: d, exclude }, (error, all) => error ? reject(error) : resolve(all)));
      const typed = await Array.fromAsync(fsp.glob('**/*.txt', { cwd: d, withFileTypes: true, exclude: (entry) => entry.name === 'c' }));
      return [fs.globSync('**/*.txt', { cwd: d, exclude }).sort(), by.sort(), typed.map((one) => [one.name, one.isFile()]).sort()];`,
  },
  {
    name: 'aborted calls reject as in Node, and signals are no part of a record',
    files: { one: '1' },
    body: `
      const at = (name) => path.join(d, name);
      const aborted = AbortSignal.abort();
      const controller = new AbortController();
      const pending = fsp.readFile(at('one'), { signal: controller.signal, encoding: 'utf8' });
      return [await caught(() => fsp.readFile(at('one'), { signal: aborted })), await caught(() => fsp.writeFile(at('two'), 'x', { signal: aborted })), await pending,
        await new Promise((resolve) => fs.readFile(at('one'), { signal: aborted }, (error) => resolve([error.name, error.code]))),
        await fsp.readFile(at('one'), { signal: controller.signal }).then(String), fs.existsSync(at('two'))];`,
  },
  {
    name: 'a call that is aborted while it is under way rejects',
    files: { one: '1' },
    body: `
      const controller = new AbortController();
      const pending = fsp.readFile(path.join(d, 'one'), { signal: controller.signal });
      controller.abort(new Error('enough'));
      const error = await pending.catch((one) => one);
      await pause();
      return [error.name, error.code, error.cause?.message];`,
  },
  {
    name: 'temporary folders remove themselves',
    body: `
      const seen = [];
      { using folder = fs.mkdtempDisposableSync(path.join(d, 'one-')); fs.writeFileSync(path.join(folder.path, 'x'), ''); seen.push(fs.readdirSync(d).length); }
      { await using folder = await fsp.mkdtempDisposable(path.join(d, 'two-')); await fsp.writeFile(path.join(folder.path, 'x'), ''); seen.push((await fsp.readdir(d)).length); }
      const kept = await fsp.mkdtempDisposable(path.join(d, 'three-')); await kept.remove();
      return [seen, fs.readdirSync(d)];`,
  },
  {
    name: 'a file as a Blob',
    files: { one: 'hello' },
    body: `
      const blob = await fs.openAsBlob(path.join(d, 'one'), { type: 'text/plain' });
      await pause();
      return [blob.size, blob.type, await blob.text(), await blob.slice(1, 3).text(), await caught(() => fs.openAsBlob(path.join(d, 'no'))).then((e) => e[1])];`,
    gives: [5, 'text/plain', 'hello', 'el', 'ENOENT'],
  },
]);
