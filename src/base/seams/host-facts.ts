/** What a part needs to know of its process and machine, handed in at the root. */
export interface HostFacts {
  readonly pid: number;
  readonly uid: number;
  readonly platform: string;
  readonly arch: string;
  readonly nodeVersion: string;
  readonly execPath: string;
  readonly cwd: string;
}
