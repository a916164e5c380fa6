/** A type that only its own constructors make: a number or string that cannot pass for another one. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name };

/** A context in the tree. 0 is the controller. */
export type ContextId = Brand<number, 'ContextId'>;
/** A durable execution: `ses_` and 26 characters of Crockford base32. */
export type SessionId = Brand<string, 'SessionId'>;
/** A build: 24 hexadecimal digits. */
export type BuildId = Brand<string, 'BuildId'>;
