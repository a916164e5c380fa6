/** The oldest Node that runs the far side. */
export const FAR_NODE_FLOOR = '22.18';

/** `v22.18.0` or `22.18.0` as `22.18.0`; undefined for anything else. */
export function parseNodeVersion(text: string): string | undefined {
  return /^v?(\d{1,4}\.\d{1,4}\.\d{1,4})\b/.exec(text.trim())?.[1];
}

/** Whether a version as `parseNodeVersion` gives it can run the far side. */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}
