# For machines without Node, or without an npm: fetches pinned packages with curl, wget or python3, from the registry that npm's settings name.
# `root` is the folder to prepare.
# What is fetched goes to .prime/inbox of that folder. Nothing is unpacked or run before its hash was compared, wherever it came from.
inbox=${served:-$root}/.prime/inbox
registry=

# setting KEY: a text of npm's settings, by npm's own order: environment, project, user, machine; within a file the last line wins.
setting() {
  found=
  case $1 in
  //*) ;;
  *)
    word=$(printf '%s' "$1" | tr - _)
    eval "found=\${npm_config_$word:-}"
    [ -n "$found" ] || eval "found=\${NPM_CONFIG_$(printf '%s' "$word" | tr a-z A-Z):-}"
    ;;
  esac
  for file in "$root/.npmrc" "${npm_config_userconfig:-${HOME:-/nowhere}/.npmrc}" "${npm_config_globalconfig:-/usr/local/etc/npmrc}" \
    /usr/etc/npmrc /etc/npmrc; do
    [ -z "$found" ] && [ -r "$file" ] || continue
    key=$(printf '%s' "$1" | sed 's/[][\/.*^$]/\\&/g')
    found=$(tr -d '\r' <"$file" | sed -n "s/^[[:space:]]*$key[[:space:]]*=[[:space:]]*//p" |
      sed -e 's/[[:space:]]*$//' -e 's/^"\(.*\)"$/\1/' -e "s/^'\(.*\)'\$/\1/" | sed -n '$p')
  done
  expand "$found"
}
# expand TEXT: with ${NAME} replaced by what the environment says, as npm does.
expand() {
  text=$1
  while :; do
    case $text in
    *'${'*'}'*) ;;
    *) break ;;
    esac
    rest=${text#*'${'}
    name=${rest%%'}'*}
    case $name in
    '' | [0-9]* | *[!A-Za-z0-9_]*) break ;;
    esac
    eval "value=\${$name-}"
    text=${text%%'${'*}$value${rest#*'}'}
  done
  printf '%s' "$text"
}
# config_text SECTION KEY: a text of prime.config.json, which has one key a line.
config_text() {
  for file in "${served:-$root}/prime.config.json" "$root/prime.config.json"; do
    [ -r "$file" ] || continue
    text=$(sed -n "/^ *\"$1\": {/,/}/p" "$file" | sed -n "s/^ *\"$2\": \"\([^\"]*\)\".*/\1/p" | sed 1q)
    [ -z "$text" ] || break
  done
  printf '%s' "${text-}"
}
# Names and passwords in addresses are shown to nobody.
hide() { sed 's|//[^/ ]*@|//***@|g'; }

# tools: whether this machine has what the functions below are made of; `said` names what it lacks.
tools() {
  for tool in sed tr base64 od cut uname mkdir mv rm; do
    command -v "$tool" >/dev/null && continue
    said="   saw    $tool is missing on PATH
"
    return 1
  done
}
# settings: where npm's settings say that packages come from. False when they name no registry.
settings() {
  [ -z "$registry" ] || return 0
  registry=$(setting registry)
  if [ -z "$registry" ] && [ -r "$root/prime.config.json" ]; then
    registry=$(sed -n 's/^  "registry": "\([^"]*\)".*/\1/p' "$root/prime.config.json" | sed 1q)
  fi
  https_of=$(setting https-proxy)
  proxy_of=$(setting proxy)
  case $registry in
  https:*) proxy=${https_of:-$proxy_of} ;;
  *) proxy=$proxy_of ;;
  esac
  authority=$(setting cafile)
  token=$(setting "//$(printf '%s' "$registry" | sed 's|^[a-z]*://||; s|^[^/]*@||; s|/*$||')/:_authToken")
  [ -n "$registry" ]
}
quoted() { printf '%s' "$1" | sed 's/[\\"]/\\&/g'; }
# Each writes $1 from the address on its standard input, so that no password stands in an argument list, and ends by itself.
with_curl() {
  {
    IFS= read -r address && printf 'url = "%s"\n' "$(quoted "$address")"
    [ -z "$proxy" ] || printf 'proxy = "%s"\n' "$(quoted "$proxy")"
    [ -z "$authority" ] || printf 'cacert = "%s"\n' "$(quoted "$authority")"
    [ -z "$token" ] || printf 'header = "Authorization: Bearer %s"\n' "$(quoted "$token")"
  } | curl --config - --fail --silent --show-error --location --retry 2 --connect-timeout 20 --speed-limit 1000 --speed-time 30 --output "$1"
}
with_wget() {
  IFS= read -r address
  set -- "$1" -T 30
  [ -z "$authority" ] || set -- "$@" "--ca-certificate=$authority"
  case $(wget --help 2>&1) in
  *--input-file*)
    [ -z "$token" ] || return 1
    if printf '%s\n' "$address" | http_proxy=${proxy:-${http_proxy-}} https_proxy=${proxy:-${https_proxy-}} \
      wget -nv -t 2 -O "$@" -i - 2>"$1.said"; then
      rm -f "$1.said"
    else
      sed '/->/d' "$1.said" >&2
      rm -f "$1.said"
      return 1
    fi
    ;;
  *)
    # That of busybox takes addresses as arguments only.
    case $address$token in
    *://*@* | *' '*) return 1 ;;
    esac
    http_proxy=${proxy:-${http_proxy-}} https_proxy=${proxy:-${https_proxy-}} wget -q -O "$@" "$address"
    ;;
  esac
}
with_python3() {
  proxy=$proxy authority=$authority token=$token python3 -c 'import base64, os, shutil, ssl, sys, urllib.parse, urllib.request
address = urllib.parse.urlsplit(sys.stdin.readline().strip())
headers = {}
if os.environ["token"]: headers["Authorization"] = "Bearer " + os.environ["token"]
if address.username: headers["Authorization"] = "Basic " + base64.b64encode((urllib.parse.unquote(address.username) + ":" + urllib.parse.unquote(address.password or "")).encode()).decode()
bare = address._replace(netloc=address.netloc.rpartition("@")[2]).geturl()
proxy = os.environ["proxy"]
handlers = [urllib.request.ProxyHandler({"http": proxy, "https": proxy})] if proxy else []
if os.environ["authority"]: handlers.append(urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=os.environ["authority"])))
try:
    with urllib.request.build_opener(*handlers).open(urllib.request.Request(bare, headers=headers), timeout=60) as answer, open(sys.argv[1], "wb") as file: shutil.copyfileobj(answer, file)
except Exception as error:
    sys.exit("python3: %s" % error)' "$1"
}
# download ADDRESS FILE: with the first of the three that is there and brings it. What each said is told when none does.
download() {
  said=
  for tool in curl wget python3; do
    command -v "$tool" >/dev/null || continue
    if words=$(printf '%s\n' "$1" | "with_$tool" "$2" 2>&1); then return 0; fi
    said="$said   saw    $(printf '%s\n' "${words:-$tool said nothing}" | sed -n '$p' | hide)
"
  done
  [ -n "$said" ] || said="   saw    neither curl nor wget nor python3 on PATH
"
  return 1
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
# is_whole FILE INTEGRITY: whether it is the committed one.
is_whole() {
  wanted=$(printf '%s' "${2#sha512-}" | base64 -d | od -An -v -tx1 | tr -d ' \n')
  [ -f "$1" ] && [ -n "$wanted" ] && [ "$(sha512_hex "$1")" = "$wanted" ]
}
# What runs that were killed left: names end in the number of their process.
sweep() {
  for old in "$inbox"/first.* "$inbox"/*.part.*; do
    if [ -e "$old" ] && ! kill -0 "${old##*.}" 2>/dev/null; then rm -rf "$old"; fi
  done
}
# fetch NAME VERSION INTEGRITY: the tarball is in the inbox afterwards, and is the committed one.
fetch() {
  tools || return 1
  tarball=$inbox/$(printf '%s' "$1" | tr / -)-$2.tgz
  if is_whole "$tarball" "$3"; then return 0; fi
  settings || return 1
  mkdir -p "$inbox"
  sweep
  part=$tarball.part.$$
  [ -n "${quiet-}" ] || printf '%s\n' "fetching $1@$2 without npm" >&2
  if ! download "${registry%/}/$1/-/${1##*/}-$2.tgz" "$part"; then
    rm -f "$part"
    return 1
  fi
  if ! is_whole "$part" "$3"; then
    rm -f "$part"
    printf '%s\n' "PRIME_INTEGRITY  $1@$2 is not the one whose hash is committed" '   kept   Nothing of it was unpacked' \
      '   do     Check the registry or proxy that serves it' >&2
    exit 4
  fi
  mv -f "$part" "$tarball"
}
# first_node: fetches the pinned Node and npm, and unpacks this Node for one hop, into `first`.
first_node() {
  tools || return 1
  case $(uname -s)-$(uname -m) in
  Linux-x86_64) platform=linux-x64 ;;
  Linux-aarch64) platform=linux-arm64 ;;
  Darwin-x86_64) platform=darwin-x64 ;;
  Darwin-arm64) platform=darwin-arm64 ;;
  *) return 1 ;;
  esac
  name=$(config_text "$platform" name)
  if [ -z "$name" ]; then
    said="   saw    no Node is pinned for $platform in prime.config.json (./prime pin 26 does it, on a machine with Node)
"
    return 1
  fi
  version=$(config_text "$platform" version)
  file=${served:-$root}/.node-version
  [ -r "$file" ] || file=$root/.node-version
  [ -n "$version" ] || version=$(sed 1q "$file" | tr -d '\r')
  fetch "$name" "$version" "$(config_text "$platform" integrity)" || return 1
  npm=$(config_text npm version)
  [ -z "$npm" ] || fetch npm "$npm" "$(config_text npm integrity)" || return 1
  first=$inbox/first.$$
  rm -rf "$first"
  mkdir "$first" && tar -xzf "$inbox/$(printf '%s' "$name" | tr / -)-$version.tgz" -C "$first"
}
