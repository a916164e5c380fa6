// Ready-made states for repositories that the primer prepares: as they are, wrapped or replaced.
export { annotate, annotatedConfig, type AnnotatedConfigOptions } from './primer-states/annotated-config.ts';
export { built, type BuiltOptions } from './primer-states/built.ts';
export { envFile, type EnvFileOptions } from './primer-states/env-file.ts';
export { gitHooks, type GitHooksOptions } from './primer-states/git-hooks.ts';
export { packages, type PackageGroup, type PackagesOptions } from './primer-states/packages.ts';
export { createScriptLog, type LogLevel, type ScriptLog, type ScriptLogOptions } from './primer-states/script-log.ts';
export { scriptLogger, type ScriptLoggerOptions } from './primer-states/script-logger.ts';
export { shell, type ShellOptions } from './primer-states/shell.ts';
