#!/bin/bash
# Inside the guest: runs scripts as they arrive in the shared folder, one after the other. Script N is /mnt/N.sh; what it
# printed becomes /mnt/N.out and /mnt/N.err, its exit status /mnt/N.status. The file /mnt/end ends the guest.
number=1
echo ready >/mnt/ready
while [ ! -e /mnt/end ]; do
  if [ ! -e "/mnt/$number.sh" ]; then
    sleep 0.05
    continue
  fi
  bash "/mnt/$number.sh" >"/mnt/$number.out" 2>"/mnt/$number.err" </dev/null
  echo $? >"/mnt/$number.new"
  mv "/mnt/$number.new" "/mnt/$number.status"
  number=$((number + 1))
done
