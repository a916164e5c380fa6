// Ways out of JavaScript that a session neither records nor makes again. A package that can take one is recorded at the call.
// Everything else that leaves JavaScript (sockets, servers, processes, files, workers, HTTP of both versions, chance) is recorded where it leaves.

/** A way out that only a boundary can take. */
export type Capability = 'native' | 'http2' | 'cluster' | 'wasi' | 'inspector' | 'repl';

/** `builtin.member` to the capability that it is. */
const MEMBERS: readonly (readonly [Capability, RegExp])[] = [
  ['http2', /^http2\.performServerHandshake$/],
  ['cluster', /^cluster\.(?:fork|setupPrimary|setupMaster|\*)$/],
  ['wasi', /^wasi\./],
  ['inspector', /^inspector(?:\/promises)?\.(?:open|Session|\*)$/],
  ['repl', /^repl\.(?:start|REPLServer|\*)$/],
];

/** What the use of a member of a builtin is, if anything. */
export function capabilityOf(builtin: string, member: string): Capability | undefined {
  return MEMBERS.find(([, pattern]) => pattern.test(`${builtin}.${member}`))?.[0];
}

/**
 * Packages whose own use of such a way is an option that few programs take, or only makes pure work faster. It does not decide; the program
 * is stopped where it takes it.
 */
export const OWNERS: ReadonlySet<string> = new Set([
  // Clients and servers of HTTP, which take one at most as an option.
  'axios',
  'got',
  'http2-wrapper',
  'undici',
  'superagent',
  'formidable',
  '@smithy/node-http-handler',
  'gaxios',
  'googleapis-common',
  'google-auth-library',
  'fetch-h2',
  'fastify',
  'light-my-request',
  'koa',
  '@hono/node-server',
  '@apollo/server',
  'mailgun.js',
  'msw',
  '@mswjs/interceptors',
  'nock',
  'h3',
  'crossws',
  'engine.io',
  'socket.io',
  '@connectrpc/connect-node',
  // Look whether they run in a cluster.
  'prom-client',
  'log4js',
  'rate-limiter-flexible',
  'node-cron',
  'cron',
  'winston-daily-rotate-file',
  'streamroller',
  '@gitbeaker/rest',
  '@gitbeaker/requester-utils',
  // Add-ons that only make pure work faster.
  'msgpackr',
  'msgpackr-extract',
  'node-gyp-build',
  'node-gyp-build-optional-packages',
  'bufferutil',
  'utf-8-validate',
  'cpu-features',
  'ssh2',
  'detect-libc',
  'fsevents',
  'bindings',
  'node-addon-api',
  'nan',
  'snappy',
  'kerberos',
  'mongodb-client-encryption',
  'pg-native',
  'cbor-extract',
]);

/** Packages that load the add-on of whoever depends on them. */
export const ADDON_LOADERS: ReadonlySet<string> = new Set([
  'bindings',
  'node-gyp-build',
  'node-gyp-build-optional-packages',
  'prebuild-install',
  '@mapbox/node-pre-gyp',
  'node-pre-gyp',
]);
