// The environment of every process that the primer starts: the user's, less what injects code or options or decides what is installed.

const DENIED =
  /^(NODE_OPTIONS|NODE_ENV|NODE_PATH|NODE_CHANNEL_.*|NODE_UNIQUE_ID|NODE_V8_COVERAGE|NODE_COMPILE_CACHE|NODE_REPL_.*|BASH_ENV|ENV|INIT_CWD|LD_.*|DYLD_.*|PRIME_.*)$/;
const NPM = /^npm_/i;
// Settings of the machine that say where packages come from and how to get there. All others (prefix, scripts, shells, flags) stay out.
const NPM_WHERE =
  /^npm_config_(registry|@[^:]+:registry|\/\/.*|proxy|https?_proxy|noproxy|cafile|ca|cert|key|strict_ssl|userconfig|globalconfig|maxsockets|local_address)$/i;

/** A copy of an environment without the variables that would change what a tool runs. */
export function cleanEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const clean: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(env)) {
    if (DENIED.test(name) || (NPM.test(name) && !NPM_WHERE.test(name))) continue;
    clean[name] = value;
  }
  return clean;
}
