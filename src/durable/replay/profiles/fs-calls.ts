// What is known of the functions of node:fs that take paths: which only look, and where their paths stand. Each has up to three forms:
// `nameSync`, `name` with a callback, and `name` of node:fs/promises; a form that this Node does not have is passed over.

/** One function of node:fs. */
export interface FsCall {
  /** Whether it changes nothing outside: it waits for nothing. */
  readonly isRead: boolean;
  /** How many of its first arguments are paths. */
  readonly paths: 1 | 2;
  /** Whether its first argument may be a descriptor or a FileHandle in the place of a path. */
  readonly takesFile?: true;
}

const look: FsCall = { isRead: true, paths: 1 };
const change: FsCall = { isRead: false, paths: 1 };
const two: FsCall = { isRead: false, paths: 2 };

/** Functions that are recorded as they are called. */
export const FS_CALLS: Readonly<Record<string, FsCall>> = {
  access: look,
  appendFile: { isRead: false, paths: 1, takesFile: true },
  chmod: change,
  chown: change,
  copyFile: two,
  cp: two,
  lchmod: change,
  lchown: change,
  link: two,
  lstat: look,
  lutimes: change,
  mkdir: change,
  mkdtemp: change,
  readFile: { isRead: true, paths: 1, takesFile: true },
  readdir: look,
  readlink: look,
  realpath: look,
  rename: two,
  rm: change,
  rmdir: change,
  stat: look,
  statfs: look,
  symlink: two,
  truncate: { isRead: false, paths: 1, takesFile: true },
  unlink: change,
  utimes: change,
  writeFile: { isRead: false, paths: 1, takesFile: true },
};

/** Functions of a descriptor and a few plain arguments. */
export const FD_CALLS: Readonly<Record<string, Pick<FsCall, 'isRead'>>> = {
  fchmod: { isRead: false },
  fchown: { isRead: false },
  fdatasync: { isRead: false },
  fstat: { isRead: true },
  fsync: { isRead: false },
  ftruncate: { isRead: false },
  futimes: { isRead: false },
};
