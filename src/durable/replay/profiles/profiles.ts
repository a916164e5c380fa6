// What to do with the functions of a package or builtin. Keys: a module (`sharp`, `node:path`), or a module with the beginning of a name
// (`node:crypto.Hash`). The longest key that fits decides. Without one a package is inline, since what it does outside is recorded where it
// leaves JavaScript, and a builtin is an activity. Which packages are not inline is part of the build.

/** `inline`: executed again on replay, its clock, chance, timers and fetch are those of the session. `activity`: each call is recorded. */
export type Profile = 'inline' | 'activity';

const INLINE_BUILTINS = [
  'node:fs',
  'node:path',
  'node:url',
  'node:util',
  'node:querystring',
  'node:assert',
  'node:events',
  'node:buffer',
  'node:string_decoder',
  'node:punycode',
  'node:async_hooks',
  'node:stream',
  'node:timers',
  'node:crypto',
  'node:zlib',
  'node:worker_threads',
  'node:sqlite',
  'node:dns',
  'node:v8',
  'node:vm',
  'node:perf_hooks',
  'node:diagnostics_channel',
  'node:domain',
  'node:trace_events',
  'node:wasi',
  'node:readline',
  'node:internal/readline',
  'node:internal/fs',
  'node:child_process',
  'node:internal/child_process',
  'node:net',
  'node:internal/net',
  'node:http',
  'node:_http_agent',
  'node:_http_client',
  'node:_http_common',
  'node:_http_incoming',
  'node:_http_outgoing',
  'node:_http_server',
  'node:internal/http',
  'node:https',
  'node:tls',
  'node:_tls_common',
  'node:_tls_wrap',
  'node:internal/tls',
  'node:dgram',
  'node:internal/dgram',
  'node:http2',
  'node:cluster',
  'node:readline',
  'node:internal/readline',
  'node:process',
  'node:readline',
  'node:os',
  'node:console',
  'node:tty',
  'node:module',
  'node:internal/util',
  'node:internal/process',
  'node:internal/readline',
  'node:internal/console',
  'node:internal/async_local_storage',
  'node:internal/async_hooks',
  'node:internal/async_context_frame',
  'node:internal/timers',
  'node:internal/perf',
  'node:internal/url',
  'node:internal/crypto',
  'node:internal/blob',
  'node:internal/file',
  'node:internal/worker',
  'node:internal/per_context/messageport',
  'node:internal/dns',
  'node:internal/histogram',
  'node:internal/vm',
  'node:internal/streams',
  'node:internal/event_target',
  'node:internal/abort_controller',
  'node:internal/webstreams',
  'node:internal/errors',
  'node:http.request',
  'node:http.get',
  'node:http.Agent',
  'node:http.ClientRequest',
  'node:http.IncomingMessage',
  'node:http.OutgoingMessage',
  'node:http.ServerResponse',
  'node:http.validateHeaderName',
  'node:http.validateHeaderValue',
  'node:https.request',
  'node:https.get',
  'node:https.Agent',
  'node:_http_client',
  'node:_http_agent',
  'node:_http_incoming',
  'node:_http_outgoing',
  'node:_http_common',
  'node:internal/http',
];

/** The shipped table of builtins. */
const DEFAULT_PROFILES: Readonly<Record<string, Profile>> = Object.fromEntries(INLINE_BUILTINS.map((name) => [name, 'inline' as const]));

/**
 * Classes whose objects keep no state between calls: after a crash a new one takes the place of the old one.
 * Everything else that took void calls, or was opened by an asynchronous call, is lost with its process.
 */
export const DEFAULT_CLIENTS: readonly string[] = [
  'DatabaseSync',
  'Database',
  'Pool',
  'BoundPool',
  'S3Client',
  'DynamoDBClient',
  'SQSClient',
  'SNSClient',
  'OpenAI',
  'Anthropic',
  'Octokit',
  'OctokitWithDefaults',
  'Stripe',
  'Agent',
];

/** Calls that only look, whose name in the journal begins so: no durability barrier before them. */
const KNOWN_READS = /^node:(os\.|process\.(cwd|uptime|memoryUsage|cpuUsage|hrtime|getuid|geteuid|getgid|version)|zlib\.)/;

/** Whether a call of this name changes nothing outside. */
export function isKnownRead(fn: string): boolean {
  return KNOWN_READS.test(fn);
}

const isBoundary = (name: string, profile: Profile): boolean => profile === 'activity' && !name.startsWith('node:');

/** Looks profiles up: own entries first, then the shipped table. */
export class Profiles {
  readonly #table: Map<string, Profile>;
  #hasBoundary: boolean;

  constructor(overrides: Readonly<Record<string, Profile>> = {}) {
    this.#table = new Map(Object.entries({ ...DEFAULT_PROFILES, ...overrides }));
    this.#hasBoundary = Object.entries(overrides).some(([name, profile]) => isBoundary(name, profile));
  }

  /** Whether there are packages whose objects must not be handed to others unseen. */
  get hasBoundary(): boolean {
    return this.#hasBoundary;
  }

  /** Adds the packages of a build. Before any of them is loaded: a function never changes its kind. */
  add(packages: Readonly<Record<string, Profile>>): void {
    for (const [name, profile] of Object.entries(packages)) {
      this.#table.set(name, profile);
      this.#hasBoundary ||= isBoundary(name, profile);
    }
  }

  /** @param name name of the export, such as `createHash` or `Hash.update`, when it is known */
  of(module: string, name?: string): Profile {
    if (name !== undefined && name !== '') {
      for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) {
        const found = this.#table.get(`${module}.${name.slice(0, end)}`);
        if (found !== undefined) return found;
      }
    }
    for (let end = module.length; end > 0; end = module.lastIndexOf('/', end - 1)) {
      const found = this.#table.get(module.slice(0, end));
      if (found !== undefined) return found;
    }
    return this.#table.get('*') ?? (module === '' || module.startsWith('node:') ? 'activity' : 'inline');
  }
}
