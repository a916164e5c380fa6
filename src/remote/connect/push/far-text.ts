// The shell text that takes a Node on the far side. It comes as one line on stdin when the probe has found none, and is evaluated by the shell
// that still stands there, whose functions `t` (asks a candidate) and `x` (becomes Node) it uses. What follows are lines that call its
// functions, and bytes behind a `put`. Needed over there: sh; gzip or zstd; head, ls, mkdir, chmod, mv, rm, cat, which come with any shell.
// It says `MARK say …`:
//   lack PACKINGS PLACE   nothing is there; the lock is held, and files may be put
//   wait PROCESS          another one is putting the same there; said every second
//   no PLACES             there is no place for it, with what is wrong with each
//   got NAME              a file has arrived and is what it should be
//   back NAME             nothing there hashes: the bytes of the file follow, to be hashed here; the hash is the next line
//   bad WHY               a file has not arrived as it was sent; nothing of it is left
//   runs-not WHY          what was put there does not run
// A partial push is a folder `.part-HOST-PID` in the place; those of processes that are gone are swept by the next one.

/** What is sought on the far side before anything is sent. */
export interface FarOrder {
  /** SHA-256 of the file of Node, its bytes, and KiB that all of it needs. */
  readonly sha256: string;
  readonly bytes: number;
  readonly neededKib: number;
  /** Whether nothing may stay there. */
  readonly inMemory: boolean;
}

/** Names of one host and process numbering: process ids mean something within it only. */
const HERE = 'h=$(ls -l /proc/self/ns/pid 2>/dev/null);h=${h%]};h=$(uname -n).${h##*[!0-9]}';

/** Places, best first: `k` for what stays, `m` for what does not. */
const PLACES =
  'k=;case ${XDG_CACHE_HOME:-} in /*)k=$XDG_CACHE_HOME;;*)[ -z "${HOME:-}" ]||k=$HOME/.cache;;esac;[ -z "$k" ]||k=$k/resprout/nodes;' +
  'm="/dev/shm:${XDG_RUNTIME_DIR:-}:${TMPDIR:-}:/tmp:/var/tmp:/run"';

/** `own FOLDER`: whether it is a folder that only this user writes to. */
const OWN =
  'own(){ set -- $(ls -ldn "$1" 2>/dev/null);case ${1:-} in d????[!w]??[!w]*);;*)return 1;;esac;' +
  'i=$(id -u 2>/dev/null);[ -z "$i" ]||[ "$3" = "$i" ];}';

/** `has FOLDER`: whether all of a Node lies there. It got its name when it had been checked; a power cut may have taken bytes since. */
const HAS = 'has(){ own "$1"||return 1;set -- $(ls -ln "$1/node" 2>/dev/null);[ "${5:-}" = "$B" ];}';

/** `runs FOLDER`: in which way it runs, in `n`: as it is, with libraries that the system lacks, with all of its own. */
const RUNS = 'runs(){ for n in "$1/node" "$1/with-libraries" "$1/with-all";do t "$n"&&return;done;return 1;}';

/**
 * Runs before the first stage: a Node that was put there may run under a loader of its own, or have no name any more. This is how its children
 * find it: by RESPROUT_NODE, which a wrapper or `start` has set.
 */
const FIND_ITSELF =
  '(e=>{let n=e.RESPROUT_NODE;if(n=="/proc/self/exe")n=e.RESPROUT_NODE="/proc/"+fs.readlinkSync("/proc/self")+"/exe";' +
  'if(n)process.execPath=n})(process.env);';

/** A process outside of the group that waits for the end of this one, whatever ends it, and removes its folder. */
const GO_WITH_IT =
  '(c=>{c.unref();c.stdin.unref()})(child_process.spawn("/bin/sh",["-c","read x;set -f;IFS=;rm -rf ${0%/*}",process.env.RESPROUT_NODE],' +
  '{detached:true,stdio:["pipe","ignore","ignore"]}));';

/**
 * `start FOLDER`: becomes the Node in it. One that may not stay loses its name first; where it needs its folder, or there is no /proc, that goes
 * with the process.
 */
const START =
  `start(){ trap - TERM HUP INT PIPE;z=;s='${FIND_ITSELF}'"$s";if [ -n "$T" ];then ` +
  'if [ "$n" = "$1/node" ]&&exec 9<"$n"&&[ -x /proc/self/fd/9 ];then rm -rf "$1";n=/proc/self/fd/9;RESPROUT_NODE=/proc/self/exe;' +
  `else z=$1;RESPROUT_NODE=$n;s='${GO_WITH_IT}'"$s";fi;export RESPROUT_NODE;fi;x "$n";}`;

/** `sweep FOLDER`: removes what pushes of ended processes of this host left there. */
const SWEEP = 'sweep(){ for q in "$1"/.part-"$h"-*;do [ -d "$q" ]||continue;kill -0 "${q##*-}" 2>/dev/null||rm -rf "$q" 2>/dev/null;done;}';

/**
 * `fit FOLDER`: whether there can be files in it that run, and enough room; `d` is the new folder for them then, else `W` says why not. A
 * script with nothing in it runs, unless the file system forbids to run anything.
 */
const FIT =
  'fit(){ case $1 in /*);;*)return 1;;esac;sweep "$1";d=$1/.part-$h-$$;w=;' +
  'if ! (umask 77;mkdir -p "$1"&&mkdir "$d") 2>/dev/null;then w="cannot be written";' +
  'elif ! (echo "#!/bin/sh" >"$d/x"&&chmod 700 "$d/x") 2>/dev/null;then w="has no room";' +
  'elif ! ("$d/x") </dev/null >/dev/null 2>&1;then w="is mounted noexec";else rm -f "$d/x";' +
  'a=$(df -Pk "$d" 2>/dev/null|{ read -r a;read -r a b c e f;echo "$e";});' +
  'case $a in ""|*[!0-9]*)return 0;;esac;[ "$a" -ge "$N" ]&&return 0;w="has $a KiB of $N";fi;' +
  'rm -rf "$d";W="$W$1 $w; ";return 1;}';

/** `undo`: removes what was put and gives the lock back. PIPE is a signal too: nobody hears what is said any more. */
const UNDO = 'undo(){ [ -z "$d" ]||rm -rf "$d";[ -z "$z" ]||{ read -r a b <"$z"&&[ "$a $b" = "$$ $h" ]&&rm -f "$z";} 2>/dev/null;d=;z=;}';

/**
 * `lock`: waits until nobody else puts the same there. A process that is gone, or whose files have not grown for 20 s, is not waited for: the
 * worst of that is that the bytes travel twice. Names are given by rename, so that the lock guards no more than the way.
 */
const LOCK =
  'lock(){ g=;y=0;while ! (set -C;echo "$$ $h" >"$k/$K.lock") 2>/dev/null;do has "$k/$K"&&return 0;a=;b=;read -r a b <"$k/$K.lock"||:;' +
  '[ -w "$k" ]||return 0;p=$k/.part-$b-$a;if [ "$b" = "$h" ]&&! kill -0 "$a" 2>/dev/null;then rm -f "$k/$K.lock";continue;fi;' +
  'c=$(ls -ln "$p" 2>/dev/null);if [ "$c" = "$g" ];then y=$((y+1));else y=0;fi;g=$c;[ $y -lt 20 ]||{ rm -f "$k/$K.lock";return 0;};' +
  'say wait "$a";sleep 1;done;z=$k/$K.lock;}';

/** `sha FILE`: its SHA-256 in `y`; empty where nothing there makes one. (`hash` is an alias in mksh.) */
const HASH =
  'sha(){ for y in sha256sum "busybox sha256sum" "shasum -a 256" "sha256 -q" "openssl dgst -sha256 -r";do y=$($y <"$1" 2>/dev/null);y=${y%% *};' +
  '[ ${#y} = 64 ]&&return;done;y=;}';

/** `put NAME PACKED-BYTES SHA256 BYTES PACKING`: takes a file. What is packed is read to its end whatever happens to it. */
const PUT =
  'put(){ f=$d/$1;mkdir -p "${f%/*}";case $5 in gzip)set -- "$@" gzip -dc;;zstd)set -- "$@" zstd -dcq;;*)set -- "$@" cat;;esac;' +
  'j=$1;a=$2;b=$3;c=$4;shift 5;' +
  'e=$({ head -c "$a"|{ "$@" >"$f";r=$?;cat >/dev/null;exit $r;};} 2>&1)||{ undo;set -f;say bad "$j" $e;set +f;return;};' +
  'set -- $(ls -ln "$f");[ "${5:-}" = "$c" ]||{ undo;set -f;say bad "$j has ${5:-no} bytes and should have $c:" $e;set +f;return;};' +
  'sha "$f";[ -n "$y" ]||{ say back "$j";cat "$f";read -r y;};' +
  '[ "$y" = "$b" ]||{ undo;say bad "$j is not what was sent: its SHA-256 is $y";set +f;return;};chmod 700 "$f";say got "$j";}';

/** `go`: starts what was put, if it runs; gives it the name by which it is found then, unless nothing may stay. */
const GO =
  'go(){ [ -n "$d" ]||return;if ! runs "$d";then e=$("$d/node" -v 2>&1 </dev/null);set -f;say runs-not $e;set +f;return;fi;q=${n##*/};' +
  'if [ -z "$T" ];then sync "$d/node" 2>/dev/null;{ has "$k/$K"&&runs "$k/$K";}||{ rm -rf "$k/$K";mv "$d" "$k/$K";n=$k/$K/$q;};undo;d=$k/$K;fi;' +
  'start "$d";}';

/** Looks for what was put there before, else for a place. */
const LOOK =
  'd=;z=;T=;W=;trap "undo;exit 143" TERM HUP INT PIPE;' +
  'if [ -z "$M" ]&&[ -n "$k" ];then if has "$k/$K"&&runs "$k/$K";then start "$k/$K";fi;' +
  'if fit "$k";then if own "$k";then lock;if has "$k/$K"&&runs "$k/$K";then undo;start "$k/$K";fi;' +
  'else rm -rf "$d";d=;W="$W$k is not of this user alone; ";fi;fi;fi;' +
  'if [ -z "$d" ]||[ ! -d "$d" ];then T=1;d=;o=$IFS;IFS=:;set -f;set -- $m;set +f;IFS=$o;for q do [ -d "$q" ]&&fit "$q"&&break;d=;done;fi;' +
  'if [ -z "$d" ]||[ ! -d "$d" ];then say no "$W";else p=none;for q in gzip zstd;do command -v $q >/dev/null 2>&1&&p=$q,$p;done;say lack "$p" "$d";fi;' +
  'while read -r l;do eval "$l";done;undo;exit 127';

const FUNCTIONS = ['say(){ echo "$0 say $*";}', HERE, PLACES, OWN, HAS, RUNS, START, SWEEP, FIT, UNDO, LOCK, HASH, PUT, GO].join(';');

/** The line that says what is sought, and looks for it. @param become the text of `x` */
export function lookLine({ sha256, bytes, neededKib, inMemory }: FarOrder, become: string): string {
  return `${FUNCTIONS};${become};K=${sha256};B=${bytes};N=${neededKib};M=${inMemory ? '1' : ''};${LOOK}\n`;
}

/** The line behind which a file comes, packed. */
export function putLine(
  file: { readonly name: string; readonly sha256: string; readonly bytes: number },
  packing: string,
  packedBytes: number,
): string {
  return `put ${file.name} ${packedBytes} ${file.sha256} ${file.bytes} ${packing}\n`;
}

/** The line that starts what was put. */
export const GO_LINE = 'go\n';

/** A wrapper beside the file of Node, for systems that lack what it needs; its children find it by RESPROUT_NODE. */
export const WITH_LIBRARIES =
  '#!/bin/sh\nLD_LIBRARY_PATH=${0%/*}/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}\nexport LD_LIBRARY_PATH\nexec "${0%/*}/node" "$@"\n';

/** @param loader name of the loader in `libc` */
export const withAll = (loader: string): string =>
  `#!/bin/sh\nRESPROUT_NODE=$0\nexport RESPROUT_NODE\nexec "\${0%/*}/libc/${loader}" --library-path "\${0%/*}/libc:\${0%/*}/lib" "\${0%/*}/node" "$@"\n`;
