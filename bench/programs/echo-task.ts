/** What piscina runs. */
export function echo(value: string): string {
  return value;
}
