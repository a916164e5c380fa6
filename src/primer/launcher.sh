#!/bin/sh
# Starts @APP@ from a bare clone with any Node from 12 on. Made by tools/build-primer.ts from src/primer/launcher.sh: do not edit.
# Later starts: the Node named in .prime/node is exec'd on the kernel at once, so there is one process.
# First start: any Node prepares that file, as a child of this shell; then the same exec.
unset NODE_OPTIONS NODE_PATH NODE_REPL_EXTERNAL_MODULE BASH_ENV ENV \
  LD_PRELOAD LD_AUDIT LD_LIBRARY_PATH DYLD_INSERT_LIBRARIES DYLD_LIBRARY_PATH
here=$0
while [ -h "$here" ]; do
  link=$(readlink "$here")
  case $link in
  /*) here=$link ;;
  *) here=${here%/*}/$link ;;
  esac
done
case $here in
*/*) root=${here%/*} ;;
*) root=. ;;
esac
case $root in
/*) ;;
*) root=$PWD/$root ;;
esac
kernel=$root/proto_kernel.cjs
node=
if [ -r "$root/.prime/node" ]; then IFS= read -r node <"$root/.prime/node"; fi
if [ -n "$node" ] && [ -x "$node" ]; then exec "$node" "$kernel" @APP@ "$@"; fi

# Some Node has to begin: on PATH, in the cache of another clone, or where version managers put it.
wild=
seen=
try() {
  [ -z "$wild" ] && [ -f "$1" ] && [ -x "$1" ] || return 0
  version=$("$1" -p process.versions.node </dev/null 2>/dev/null) || version=
  case $version in
  1[2-9].* | [2-9][0-9].*) wild=$1 ;;
  *) seen="$seen   saw    $1 says ${version:-nothing}
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
  for file in "${XDG_CACHE_HOME:-$HOME/.cache}"/resprout/node/*/bin/node "${NVM_DIR:-$HOME/.nvm}"/versions/node/*/bin/node \
    "${VOLTA_HOME:-$HOME/.volta}"/tools/image/node/*/bin/node "${FNM_DIR:-$HOME/.local/share/fnm}"/node-versions/*/installation/bin/node \
    "$HOME"/.asdf/installs/nodejs/*/bin/node "$HOME"/.local/share/mise/installs/node/*/bin/node /opt/homebrew/bin/node /usr/local/bin/node; do
    try "$file"
  done
fi
first=
if [ -z "$wild" ]; then . "$root/proto_fetch.sh"; fi
if [ -z "$wild" ]; then
  printf '%s\n' 'PRIME_NO_NODE  no Node from 12 on was found, and one is needed to fetch the right one' \
    '   tried  every folder of PATH, and the folders of version managers' >&2
  printf '%s' "$seen" >&2
  if [ -n "$registry" ]; then
    printf '%s\n' '   tried  fetching it with curl, wget or python3 from the registry of the npm settings' >&2
  else
    printf '%s\n' '   saw    no npm settings that name a registry (npm_config_registry, .npmrc, /etc/npmrc)' >&2
  fi
  printf '%s\n' '   do     Install any Node from 12 on with npm, or set npm_config_registry, then run it again' >&2
  exit 4
fi
"$wild" "$kernel" @wild @APP@ "$@"
code=$?
if [ -n "$first" ]; then rm -rf "$first"; fi
[ "$code" = 88 ] || exit "$code"
IFS= read -r node <"$root/.prime/node" || exit 4
exec "$node" "$kernel" @APP@ "$@"
