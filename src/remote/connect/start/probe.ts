// The shell text that finds Node on the far side and starts the first stage with it. It runs as `sh -c 'TEXT' MARK 'STAGE'`, or with the
// words of the Node that the user named after STAGE. It prints one line, `MARK ok PATH VERSION` or `MARK no LIST SYSTEM`, and becomes
// Node or exits 127. No line holds a single quote, a backslash or a line end, so that it can be quoted for any login shell; `$!` in single
// quotes is safe in csh. Measured in prompts: 16 homes, 8 shells, 3 levels of quoting.

/** Names that only our askpass may see, and where the Node above was put; a far sshd that accepts them would hand them to the far Node. */
const FORGET = 'unset NODE_OPTIONS RESPROUT_ASK RESPROUT_NODE SSH_ASKPASS SSH_ASKPASS_REQUIRE SUDO_ASKPASS';

/** `w` (`r` is an alias in mksh): reads lines up to one that is a version, which wrappers may put behind words of their own, or to an empty one; it is in `v` then. */
const READ = 'w(){ while read v;do case $v in v[0-9]*|"")break;;esac;done;}';

/** `u VERSION`: 0 = new enough, 1 = too old, 2 = not a version. The floor is FAR_NODE_FLOOR. */
const JUDGE = 'u(){ case ${1#v} in [0-9].*|1[0-9].*|2[01].*|22.[0-9].*|22.1[0-7].*)return 1;;[2-9][0-9].*)return 0;;esac;return 2;}';

/**
 * `t PATH`: asks a candidate for its version, notes it in `L`, and returns what `u` says. Its stdin is /dev/null, since ours is the
 * protocol. A watcher kills it after 3 s, and is ended by USR1, since TERM may be ignored here; the inner pipe with `read` lets go of a candidate whose children hold the pipe; both children
 * are waited for, since nobody reaps zombies where process 1 is not an init.
 */
const TRY =
  't(){ [ -f "$1" ]&&[ -x "$1" ]||return 2;' +
  'v=$({ exec 2>/dev/null;"$1" -v </dev/null&p=$!;' +
  '(sleep 3&s=$!;trap "kill -9 $s;wait $s;exit" USR1;wait $s;kill -9 $p)>&2&w=$!;wait $p;kill -USR1 $w;wait $w;echo;}|(w;echo "$v"));' +
  'L="$L$1 ${v:-?};";u "$v";}';

/** A working folder that was removed is none to start in. */
const FOLDER = '[ -d "$PWD" ]||cd /';

/** Where version managers and packages put Node, each folder with `bin/node` in it. */
const FOLDERS = [
  '"$D/fnm/aliases/default"',
  '"${NVM_DIR:-$HOME/.nvm}"/versions/node/*',
  '"$D"/fnm/node-versions/*/installation',
  '~/.fnm/node-versions/*/installation',
  '"$HOME/Library/Application Support"/fnm/node-versions/*/installation',
  '~/.volta/tools/image/node/*',
  '~/.asdf/installs/nodejs/*',
  '"$D"/mise/installs/node/*',
  '~/.nodenv/versions/*',
  '"${N_PREFIX:-/usr/local}"/n/versions/node/*',
  '~/n',
  '/usr/local',
  '/opt/homebrew',
  '/opt/homebrew/opt/node@*',
  '/usr/local/opt/node@*',
  '/home/linuxbrew/.linuxbrew',
  '~/.local',
  '~/.nix-profile',
  '/opt/node*',
  '/usr',
].join(' ');

/** `g`: the first candidate that is new enough, in `n` and `v`. A folder that is named like an old version is noted but not run. */
const SEEK =
  'g(){ D=${XDG_DATA_HOME:-$HOME/.local/share};n=$(command -v node);t "$n"&&return;' +
  `for b in ${FOLDERS};do ` +
  'n=$b/bin/node;b=${b%/installation};u "${b##*/}";[ $? = 1 ]&&[ -f "$n" ]&&L="$L$n;"&&continue;t "$n"&&return;done;return 1;}';

/** Notes every candidate in `L`. A folder that is named like an old version is noted but not run. */
const LIST =
  'D=${XDG_DATA_HOME:-$HOME/.local/share};n=$(command -v node);t "$n";' +
  `for b in ${FOLDERS};do ` +
  'n=$b/bin/node;b=${b%/installation};u "${b##*/}";[ $? = 1 ]&&[ -f "$n" ]&&L="$L$n;"&&continue;t "$n";done';

/**
 * `x NODE…`: says what was found and becomes it. The anonymous pipe is the user's stdout: its read end is 5, its write end is reopened
 * from /proc. Where that cannot be done, stdout goes to stderr and 5 is /dev/null, so that the core can tell by its type. The protocol
 * moves to 3 and 4; mksh closes those on exec unless they are named again. A Node that ends by itself has ended its group; of one that was killed the
 * group is left, and goes with this shell.
 */
const becoming = (afterwards: string): string =>
  'x(){ echo "$0 ok $* $v";' +
  '{ :|{ { true >/proc/self/fd/0;} 2>/dev/null&&exec 5<&0 >/proc/self/fd/0||exec 5</dev/null >&2;' +
  `exec "$@" -e "$s" 3<&3 4>&4 5<&5 </dev/null;};} 3<&0 4>&1;r=$?;${afterwards}[ $r -le 128 ]||kill -9 0;exit $r;}`;

const BECOME = becoming('');

/** `x` that removes the folder named in `z` when Node has ended. */
export const BECOME_AND_REMOVE: string = becoming('[ -z "$z" ]||rm -rf "$z";');

/** Nothing fits, or all are listed. */
const GIVE_UP = 'echo "$0 no $L $(uname -sm)";exit 127';

/** Nothing fits, but a Node may come: a line on stdin says how. It holds no backslash. */
const TAKE_ONE = 'echo "$0 no $L $(uname -sm)";read l;eval "$l"';

/** The text that lists every Node there is, as the seeking one lists those that do not fit. It starts none of them. */
export function listingText(): string {
  return [FORGET, FOLDER, JUDGE, READ, TRY, LIST, GIVE_UP].join(';');
}

/** The text that seeks Node. @param takesOne whether it waits for one when none fits */
export function seekingText(takesOne = false): string {
  return [FORGET, FOLDER, JUDGE, READ, TRY, SEEK, BECOME, 's=$1', 'g&&x "$n"', takesOne ? TAKE_ONE : GIVE_UP].join(';');
}

/** The text for a Node that the user named: its words follow the stage. A leading `~/` is the far home. @param takesOne as above */
export function namedText(takesOne = false): string {
  return [
    FORGET,
    FOLDER,
    JUDGE,
    READ,
    ...(takesOne ? [TRY] : []),
    BECOME,
    's=$1;n=$2;shift 2;case $n in "~/"*)n=$HOME${n#"~"};;esac;set -- "$n" "$@"',
    'v=$({ "$@" -v 2>/dev/null </dev/null;echo;}|(w;echo "$v"));L="$* ${v:-?};";u "$v"&&x "$@"',
    takesOne ? TAKE_ONE : GIVE_UP,
  ].join(';');
}
