// A web server whose pages are made by two replicas, updated under load, and a unit on another host that comes back when its end is killed:
//
//   node examples/keep-alive.ts [TARGET]        TARGET as ssh://deploy@web-1; a process of this machine when absent
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import { connect } from 'resprout';
import { group, supervise, tree, type UnitSelf } from 'resprout/supervisor';

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** Makes pages. Two of them run, each in a process of its own. */
export class Pages {
  readonly #given: { readonly version: string };

  constructor(given: { readonly version: string }) {
    this.#given = given;
  }

  run(signal: AbortSignal): Promise<void> {
    return aborted(signal);
  }

  async page(url: string): Promise<{ readonly version: string; readonly body: string }> {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return { version: this.#given.version, body: `${url} by process ${process.pid}\n` };
  }
}

/** Looks at the host that it runs on. */
export class Watcher {
  #unit: UnitSelf | undefined;

  setup(_given: undefined, unit: UnitSelf): void {
    this.#unit = unit;
  }

  run(signal: AbortSignal): Promise<void> {
    return aborted(signal);
  }

  look(): { readonly host: string; readonly freeMb: number; readonly life: number } {
    return { host: os.hostname(), freeMb: Math.round(os.freemem() / 2 ** 20), life: this.#unit?.life ?? 0 };
  }
}

/** What ends a host without a word. */
export function fall(): void {
  process.kill(process.pid, 'SIGKILL');
}

async function main(target: string): Promise<void> {
  const far = () => connect(target, { name: 'far' });
  const pages = group(Pages, { version: 'one' }, { replicas: 2, concurrency: 8 });
  const watcher = group(Watcher, undefined, { replicas: 1, in: far, backOff: { firstMs: 10 } });
  await using running = await supervise(tree({ name: 'shop', units: [[pages, watcher]] }));
  const replicas = running.replicas(pages);

  const server = createServer((request, response) => {
    replicas.call('page', request.url ?? '/').then(
      ({ body, version }) => response.writeHead(200, { 'x-version': version }).end(body),
      (error: Error) => response.writeHead(503).end(`${error.message}\n`),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  console.log(
    `${url} is made by ${replicas
      .snapshot()
      .map(({ unit }) => unit)
      .join(' and ')}`,
  );

  const load = new Load(url);
  await replicas.update({ version: 'two' });
  console.log(
    `updated under load: ${await load.end()}; now ${replicas
      .snapshot()
      .map(({ unit }) => unit)
      .join(' and ')}`,
  );

  const watching = running.replicas(watcher);
  const before = await watching.call('look');
  console.log(`the watcher on ${before.host} sees ${before.freeMb} MB free, in life ${before.life}`);
  await (await far()).call(fall).catch(() => console.log('the far end was killed'));
  const after = await twice(() => watching.with({ timeoutMs: 30_000 }).call('look'));
  console.log(`the watcher on ${after.host} is there again, in life ${after.life}`);

  await close(server);
  await replicas.drain();
}

/** Again when the unit ended meanwhile: nobody knows how far the call came then, and to look twice does no harm. */
async function twice<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== 'UNIT_LOST') throw error;
    return await call();
  }
}

/** Asks for pages all the time, eight at once. */
class Load {
  readonly #url: string;
  readonly #counts = new Map<string, number>();
  readonly #runs: readonly Promise<void>[];
  #isOn = true;

  constructor(url: string) {
    this.#url = url;
    this.#runs = Array.from({ length: 8 }, () => this.#run());
  }

  /** Ends it when the last ones were answered. */
  async end(): Promise<string> {
    this.#isOn = false;
    await Promise.all(this.#runs);
    const failed = this.#counts.get('failed') ?? 0;
    if (failed > 0) process.exitCode = 1;
    return `${this.#counts.get('one') ?? 0} pages of version one, ${this.#counts.get('two') ?? 0} of version two, ${failed} failed`;
  }

  async #run(): Promise<void> {
    while (this.#isOn) {
      const what = await fetch(this.#url).then(
        async (response) => (await response.text(), response.ok ? (response.headers.get('x-version') ?? 'failed') : 'failed'),
        () => 'failed',
      );
      this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
    }
  }
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  await closed;
}

if (import.meta.main) await main(process.argv[2] ?? 'local:');
