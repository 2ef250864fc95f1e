#!/bin/bash
# Inside the guest: starts the real keepalived with each configuration of a list (keepalived-in-guest.sh says what a line
# is), and keeps the table of IPVS that it makes.
#   tables-in-guest.sh LIST OUT            results: OUT/NAME.real and OUT/NAME.log; OUT/finished at the end
set -u
export out=$2
# shellcheck source=test/parity/keepalived-in-guest.sh
. "${0%/*}/keepalived-in-guest.sh"

log_of() { echo "$out/$1.log"; }

# The table is whole when it has something in it and grows no more.
watch() {
  local name=$1 pid=$2 before="" after
  for _ in $(seq 40); do
    sleep 0.5
    [ -d "/proc/$pid" ] || break
    after=$(ipvsadm -Sn)
    [ -n "$after" ] && [ "$after" = "$before" ] && break
    before=$after
  done
  { ipvsadm -Sn; ipvsadm -Ln --thresholds; } >"$out/$name.real"
}
export -f log_of watch

each_of "$1" 6
touch "$out/finished"
