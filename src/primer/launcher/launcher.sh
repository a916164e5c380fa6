#!/bin/sh
# The launcher of the primer: prepares this folder from a bare clone with any Node from 12 on, or without one. Made by the primer: do not edit.
# Later starts: the Node named in .prime/node is exec'd on the kernel at once, so there is one process.
# First start: any Node prepares that file, as a child of this shell; then the same exec.
unset NODE_OPTIONS NODE_PATH NODE_COMPILE_CACHE NODE_REPL_EXTERNAL_MODULE BASH_ENV ENV \
  LD_PRELOAD LD_AUDIT LD_LIBRARY_PATH DYLD_INSERT_LIBRARIES DYLD_LIBRARY_PATH
if [ "${1-}" = @entry ]; then
  app=$2
  root=$3
  shift 3
else
  app=prime
  here=$0
  while [ -h "$here" ]; do
    link=$(readlink "$here")
    case $link in
    /*) here=$link ;;
    *)
      case $here in
      */*) here=${here%/*}/$link ;;
      *) here=$link ;;
      esac
      ;;
    esac
  done
  case $here in
  */*) root=${here%/*} ;;
  *) root=. ;;
  esac
fi
case $root in
/*) ;;
*) root=$PWD/$root ;;
esac
kernel=$root/proto_kernel.cjs
# `APP@FOLDER` serves a folder below this one.
case $app in
*@*) served=$root/${app#*@} ;;
*) served=$root ;;
esac
stamp=$served/.prime/node
node=
if [ -r "$stamp" ]; then IFS= read -r node <"$stamp"; fi
# What is newer than its stamp, empty or no Node by its name is looked at again; and who starts from scratch needs nothing of what was there.
case $node in
*/node) ;;
*) node= ;;
esac
if [ -n "$node" ] && [ "${app%%@*} ${1-}" != 'prime reboot' ] && [ -x "$node" ] && [ -s "$node" ] && ! [ "$node" -nt "$stamp" ]; then
  exec "$node" "$kernel" "$app" "$@"
fi

# Quiet as the kernel will understand it: -q before the name of a task, whose own words follow.
quiet=
[ "${PRIME_QUIET-}" != 1 ] || quiet=1
if [ "${app%%@*}" = prime ]; then
  for word in "$@"; do
    case $word in
    -q | --quiet) quiet=1 ;;
    -* | boot | reboot | shell) ;;
    *) break ;;
    esac
  done
fi
@FETCH@
# Some Node has to begin: on PATH, in the cache of another clone, or where version managers put it.
wild=
seen=
# ask FILE: what it says as Node, version and its own path, within 5 s. A child of it that holds the pipe holds nobody up.
ask() {
  {
    exec 2>/dev/null
    "$1" -p "process.versions.node + ' ' + process.execPath" </dev/null &
    asked=$!
    (
      sleep 5 &
      nap=$!
      trap 'kill $nap; wait $nap; exit' TERM
      wait $nap && kill -9 $asked
    ) >&2 &
    watch=$!
    wait $asked
    kill $watch
    wait $watch
    echo
  } | {
    IFS= read -r answer
    printf '%s\n' "$answer"
  }
}
try() {
  [ -z "$wild" ] && [ -f "$1" ] && [ -x "$1" ] || return 0
  answer=$(ask "$1")
  case $answer in
  1[2-9].*' /'* | [2-9][0-9].*' /'*)
    wild=${answer#* }
    [ -x "$wild" ] || wild=$1
    ;;
  *) seen="$seen   saw    $1 says ${answer:-nothing}
" ;;
  esac
}
set -f
rest=$PATH:
while [ -n "$rest" ]; do
  folder=${rest%%:*}
  rest=${rest#*:}
  case $folder in /*) try "$folder/node" ;; esac
done
set +f
if [ -z "$wild" ]; then
  home=${HOME:-/nowhere}
  case ${XDG_CACHE_HOME-} in
  /*) cache=$XDG_CACHE_HOME ;;
  *) cache=$home/.cache ;;
  esac
  for file in "$cache"/prime/node/*/bin/node "$served"/.prime/cache/node/*/bin/node "${NVM_DIR:-$home/.nvm}"/versions/node/*/bin/node \
    "${VOLTA_HOME:-$home/.volta}"/tools/image/node/*/bin/node "${FNM_DIR:-$home/.local/share/fnm}"/node-versions/*/installation/bin/node \
    "$home"/.asdf/installs/nodejs/*/bin/node "$home"/.local/share/mise/installs/node/*/bin/node /opt/homebrew/bin/node /usr/local/bin/node; do
    try "$file"
  done
fi
first=
if [ -z "$wild" ]; then
  said=
  trap 'rm -rf "$inbox/first.$$" "$inbox"/*.part.$$; trap - HUP INT TERM; kill -TERM $$' HUP INT TERM
  if first_node; then for file in "$first"/*/bin/node; do try "$file"; done; fi
  trap - HUP INT TERM
  [ -n "$wild" ] || [ -z "$first" ] || rm -rf "$first"
fi
if [ -z "$wild" ]; then
  printf '%s\n' 'PRIME_NO_NODE  no Node from 12 on was found, and one is needed to fetch the right one' \
    '   tried  every folder of PATH, and the folders of version managers' >&2
  printf '%s' "$seen" >&2
  if [ -n "$registry" ]; then
    printf '%s\n' '   tried  fetching it with curl, wget or python3 from the registry of the npm settings' >&2
  fi
  if [ -n "$said" ]; then
    printf '%s' "$said" >&2
  elif [ -z "$registry" ]; then
    printf '%s\n' '   saw    no npm settings that name a registry (npm_config_registry, .npmrc, /etc/npmrc)' >&2
  fi
  glibc=
  for loader in /lib/ld-linux* /lib64/ld-linux* /lib/*/ld-linux*; do if [ -e "$loader" ]; then glibc=$loader; fi; done
  for musl in /lib/ld-musl-*; do
    [ -e "$musl" ] && [ -z "$glibc" ] || continue
    printf '%s\n' '   saw    this system has musl, and the Node of the registry needs glibc' \
      '   do     Install the Node of this system (apk add nodejs npm), then run it again' >&2
    exit 4
  done
  printf '%s\n' '   do     Install any Node from 12 on with npm, or set npm_config_registry, then run it again' >&2
  exit 4
fi
mode=@wild
[ -z "$first" ] || mode=@passing
"$wild" "$kernel" "$mode" "$app" "$@"
code=$?
if [ -n "$first" ]; then rm -rf "$first"; fi
[ "$code" = 88 ] || exit "$code"
IFS= read -r node <"$stamp" || exit 4
exec "$node" "$kernel" "$app" "$@"
