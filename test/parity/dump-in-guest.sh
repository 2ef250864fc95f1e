#!/bin/bash
# Inside the guest: starts the real keepalived with each configuration of a list (keepalived-in-guest.sh says what a line
# is) and keeps the data that it dumps on SIGUSR1. Results: OUT/NAME/.
#   dump-in-guest.sh LIST OUT
set -u
export out=$2
# shellcheck source=test/parity/keepalived-in-guest.sh
. "${0%/*}/keepalived-in-guest.sh"

# Where keepalived writes its data too.
log_of() { echo /tmp/log; }

watch() {
  local name=$1 pid=$2
  mkdir -p "$out/$name"
  for _ in $(seq 40); do
    sleep 0.25
    [ -d "/proc/$pid" ] || break
    grep -q 'Entering BACKUP STATE\|Entering FAULT STATE\|Entering MASTER STATE\|Gained quorum\|Activating healthchecker' /tmp/log && break
  done
  sleep 1
  kill -USR1 "$pid" 2>/dev/null && sleep 1.5
  cp /tmp/log "$out/$name/log"
  cp /tmp/keepalived*.data "$out/$name/" 2>/dev/null
}
export -f log_of watch

each_of "$1" 8
