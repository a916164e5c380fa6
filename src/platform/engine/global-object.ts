/** The global object of this process. */
export const globalObject: object = globalThis;
