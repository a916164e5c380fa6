#!/bin/sh
# Starts @APP@ through the ./prime of the kernel, which prepares its folder first. Made by the primer (./prime @HOW@ @FILE@): do not edit.
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
*/*) here=${here%/*} ;;
*) here=. ;;
esac
set -- @entry '@APP@' "$here@UP@" "$@"
. "$here@UP@/prime"
