/** Version of this package; equal to package.json (a test holds it). Part of every key of a cache. */
export const VERSION = '0.1.0';
