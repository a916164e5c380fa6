// What to do with the functions of a package or builtin. Keys: a module (`zod`, `node:path`), or a module with the beginning of a name
// (`node:crypto.Hash`). The longest key that fits decides; without one a module is `activity`, never `inline`: a package that sends mail
// would send it again on every replay.

/** `inline`: executed again on replay, its clock, chance, timers and fetch are those of the session. `activity`: each call is recorded. */
export type Profile = 'inline' | 'activity';

const INLINE_BUILTINS = [
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
  'node:crypto.createHash',
  'node:crypto.createHmac',
  'node:crypto.Hash',
  'node:crypto.Hmac',
  'node:crypto.hash',
  'node:crypto.timingSafeEqual',
  'node:crypto.getHashes',
  'node:zlib.crc32',
  'node:zlib.gzipSync',
  'node:zlib.gunzipSync',
  'node:zlib.deflateSync',
  'node:zlib.inflateSync',
  'node:zlib.brotliCompressSync',
  'node:zlib.brotliDecompressSync',
  'node:internal/util',
  'node:internal/url',
  'node:internal/crypto/hash',
  'node:internal/streams',
  'node:internal/event_target',
  'node:internal/abort_controller',
  'node:internal/webstreams',
  'node:internal/errors',
];

const INLINE_PACKAGES = [
  'zod',
  'valibot',
  'yup',
  'joi',
  'ajv',
  'lodash',
  'lodash-es',
  'ramda',
  'rxjs',
  'date-fns',
  'dayjs',
  'luxon',
  'moment',
  'uuid',
  'nanoid',
  'ulid',
  'immer',
  'yaml',
  'semver',
  'p-limit',
  'p-map',
  'p-queue',
  'p-retry',
  'p-all',
  'p-series',
  'p-timeout',
  'retry',
  'async-retry',
  'react',
  'mustache',
  'handlebars',
  'marked',
  'papaparse',
  'csv-parse',
  'tslib',
  '@oxc-project/runtime',
  // Kits of services whose own fetch is recorded at the edge.
  'octokit',
  '@octokit',
  'openai',
  '@anthropic-ai/sdk',
  'stripe',
  'resend',
  '@notionhq/client',
  '@supabase/supabase-js',
  '@upstash/redis',
];

/** The shipped table. */
export const DEFAULT_PROFILES: Readonly<Record<string, Profile>> = Object.fromEntries(
  [...INLINE_BUILTINS, ...INLINE_PACKAGES].map((name) => [name, 'inline' as const]),
);

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
const KNOWN_READS =
  /^node:(fs\.(read|exists|stat|lstat|statfs|access|readdir|readlink|realpath|opendir)|os\.|process\.(cwd|uptime|memoryUsage|cpuUsage|hrtime|getuid|geteuid|getgid|version)|zlib\.)|^node:fs\/promises\.(read|stat|lstat|access|readdir|realpath)/;

/** Whether a call of this name changes nothing outside. */
export function isKnownRead(fn: string): boolean {
  return KNOWN_READS.test(fn);
}

/** Looks profiles up: own entries first, then the shipped table. */
export class Profiles {
  readonly #table: ReadonlyMap<string, Profile>;

  constructor(overrides: Readonly<Record<string, Profile>> = {}) {
    this.#table = new Map(Object.entries({ ...DEFAULT_PROFILES, ...overrides }));
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
    return this.#table.get('*') ?? 'activity';
  }
}
