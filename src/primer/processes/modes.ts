// First argument of the kernel when it does not work for an app of the configuration. `@` cannot begin the name of one.

/** Runs a tool under guard: `@guard FILE ARGS…`. */
export const GUARD_MODE = '@guard';
/** The first hop, on any Node: `@wild APP ARGS…`. Ends with READY_CODE when `.prime/node` names the Node to go on with. */
export const WILD_MODE = '@wild';
/** The first hop on a Node that the launcher fetched and removes afterwards: `@passing APP ARGS…`. */
export const PASSING_MODE = '@passing';
/** The hop after a hand-over: `@again APP ARGS…`. It does not hand over again. */
export const AGAIN_MODE = '@again';
/** Writes the primer into a folder: `@init FOLDER [--json]`. */
export const INIT_MODE = '@init';
/** Takes the place of an older kernel: `@write FOLDER`. Prints the names of files that it wrote. */
export const WRITE_MODE = '@write';
/** Exit code of the first hop that tells the launcher to go on. */
export const READY_CODE = 88;
