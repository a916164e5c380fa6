// First argument of the kernel when it does not work for an app of the configuration. `@` cannot begin the name of one.

/** Runs a tool under guard: `@guard FILE ARGS…`. */
export const GUARD_MODE = '@guard';
/** The first hop, on any Node: `@wild APP ARGS…`. Ends with READY_CODE when `.prime/node` names the Node to go on with. */
export const WILD_MODE = '@wild';
/** Exit code of the first hop that tells the launcher to go on. */
export const READY_CODE = 88;
