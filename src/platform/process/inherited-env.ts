// What a process of ours must not inherit: variables that load code into it, and those of the tool that started this process.
const DENIED_NAMES = new Set([
  'NODE_OPTIONS',
  'NODE_PATH',
  'NODE_COMPILE_CACHE',
  'BASH_ENV',
  'NODE_CHANNEL_FD',
  'NODE_UNIQUE_ID',
  'RESPROUT_ASK',
  'RESPROUT_NODE',
]);
const DENIED_PREFIXES = ['LD_', 'DYLD_', 'npm_', 'NPM_'];

/** Whether a variable stays behind when a process is started. */
function isDenied(name: string): boolean {
  return DENIED_NAMES.has(name) || DENIED_PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** The environment less what is denied, with `extra` laid over it. */
export function inheritedEnv(
  env: Readonly<Record<string, string | undefined>>,
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value !== undefined && !isDenied(name)) kept[name] = value;
  return { ...kept, ...extra };
}
