// The texts in sh that the kernel carries: it writes launchers, and fetches as they do. tools/build-primer.ts puts them in.

declare const PRIME_LAUNCHER: string;
declare const PRIME_FETCH: string;
declare const PRIME_ENTRY: string;

/** The functions that fetch without Node or npm; they want `root`. */
export const fetchText = (): string => PRIME_FETCH;

/** The launcher `prime`. */
export const launcherText = (): string => PRIME_LAUNCHER.replace('@FETCH@\n', () => fetchText());

/**
 * A script that starts an app of the configuration, or `prime` for a folder below that of the kernel.
 * @param file where it lies, relative to the root
 * @param served the root, relative to the folder of the kernel
 */
export function entryText(file: string, served = ''): string {
  const parts = file.split('/');
  const app = parts[parts.length - 1] ?? '';
  const up = parts.length - 1 + (served === '' ? 0 : served.split('/').length);
  const values: Readonly<Record<string, string>> = {
    '@APP@': served === '' ? app : `${app}@${served}`,
    '@HOW@': app === 'prime' ? 'folder' : 'entry',
    '@FILE@': app === 'prime' ? served : file,
    '@UP@': '/..'.repeat(up),
  };
  return PRIME_ENTRY.replace(/@(?:APP|HOW|FILE|UP)@/g, (mark) => values[mark] ?? mark);
}
