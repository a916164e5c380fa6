# For machines without any Node: fetches the pinned Node and npm with curl, wget or python3, from the registry that npm's settings name.
# Made by tools/build-primer.ts from src/primer/fetch.sh: do not edit. Sourced by the launchers, which set `root`; sets `wild` when it worked.
# Both tarballs go to the inbox of the cache, where the kernel checks them again and unpacks them. Nothing is run before its hash was compared.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/resprout
registry=${npm_config_registry:-${NPM_CONFIG_REGISTRY:-}}
for file in "$root/.npmrc" "$HOME/.npmrc" /usr/local/etc/npmrc /usr/etc/npmrc /etc/npmrc; do
  if [ -z "$registry" ] && [ -r "$file" ]; then registry=$(sed -n 's/^ *registry *= *//p' "$file" | sed 's/^"//; s/"* *$//; 1q'); fi
done
case $(uname -s)-$(uname -m) in
Linux-x86_64) platform=linux-x64 ;;
Linux-aarch64) platform=linux-arm64 ;;
Darwin-x86_64) platform=darwin-x64 ;;
Darwin-arm64) platform=darwin-arm64 ;;
*) platform= ;;
esac

# config_text SECTION KEY: a text of prime.config.json, which has one key a line.
config_text() {
  sed -n "/^ *\"$1\": {/,/}/p" "$root/prime.config.json" | sed -n "s/^ *\"$2\": \"\([^\"]*\)\".*/\1/p" | sed 1q
}
download() {
  if command -v curl >/dev/null; then
    curl --fail --silent --show-error --location --retry 2 --connect-timeout 20 --output "$2" "$1"
  elif command -v wget >/dev/null; then
    wget -q -O "$2" "$1"
  else
    python3 -c 'import shutil, sys, urllib.request
with urllib.request.urlopen(sys.argv[1], timeout=60) as answer, open(sys.argv[2], "wb") as file: shutil.copyfileobj(answer, file)' "$1" "$2"
  fi
}
sha512_hex() {
  if command -v sha512sum >/dev/null; then
    sha512sum "$1"
  elif command -v shasum >/dev/null; then
    shasum -a 512 "$1"
  else
    openssl dgst -sha512 -r "$1"
  fi | cut -d ' ' -f 1
}
# fetch NAME VERSION INTEGRITY: puts a tarball into the inbox when it is the committed one.
fetch() {
  tarball=$cache/inbox/$1-$2.tgz
  [ -f "$tarball" ] && return 0
  printf '%s\n' "fetching $1@$2 without npm" >&2
  download "${registry%/}/$1/-/$1-$2.tgz" "$tarball.$$" || { rm -f "$tarball.$$"; return 1; }
  wanted=$(printf '%s' "${3#sha512-}" | base64 -d | od -An -v -tx1 | tr -d ' \n')
  if [ "$(sha512_hex "$tarball.$$")" != "$wanted" ]; then
    rm -f "$tarball.$$"
    printf '%s\n' "PRIME_INTEGRITY  $1@$2 is not the one whose hash is committed" '   kept   Nothing of it was unpacked' \
      '   do     Check the registry or proxy that serves it' >&2
    exit 4
  fi
  mv "$tarball.$$" "$tarball"
}

name=
[ -n "$platform" ] && name=$(config_text "$platform" name)
if [ -n "$registry" ] && [ -n "$name" ]; then
  version=$(config_text "$platform" version)
  [ -n "$version" ] || version=$(sed 1q "$root/.node-version")
  npm_version=$(config_text npm version)
  (umask 077 && mkdir -p "$cache/inbox")
  if fetch "$name" "$version" "$(config_text "$platform" integrity)" && fetch npm "$npm_version" "$(config_text npm integrity)"; then
    first=$cache/inbox/first.$$
    mkdir "$first" && tar -xzf "$cache/inbox/$name-$version.tgz" -C "$first" && for file in "$first"/*/bin/node; do try "$file"; done
  fi
fi
