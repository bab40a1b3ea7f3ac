#!/bin/bash
# Fills in the templates, as src/runtime/asterisk.ts does for npm start, and becomes Asterisk.
set -euo pipefail

top=/run/vaxel
modules=(/usr/lib/*/asterisk/modules)
own=$(hostname -i | cut -d' ' -f1)
# Trunks beside the first: name=host:port, apart by spaces.
trunks=
for trunk in ${VAXEL_TRUNKS:-}; do
  name=${trunk%%=*} address=${trunk#*=}
  trunks+="
[$name](trunk-endpoint)
aors=$name
[$name-bare](trunk-endpoint)
aors=$name
send_pai=no
[$name]
type=aor
contact=sip:$address
[$name]
type=identify
endpoint=$name
match=$address
"
done
declare -A values=(
  [ETC]=$top/etc [DATA]=$top/data [SOCKETS]=$top [LOG]=$top/log [SYSTEM]=pbx
  [MODULES]=${modules[0]} [SHARE]=/usr/share/asterisk [MUSIC]=/usr/share/asterisk/moh
  [ANNOUNCEMENTS]=/usr/share/vaxel/announcements [SOUNDS]=/var/lib/vaxel-sounds
  [LISTEN]=0.0.0.0 [HTTP_PORT]=8088 [AMI_PORT]=5038 [SIP_PORT]=5060
  [TRUNK_HOST]=$TRUNK_HOST [TRUNK_PORT]=$TRUNK_PORT
  [TRUNK_MATCH]=match=$TRUNK_HOST:$TRUNK_PORT
  [TRUNKS]=$trunks
  [RTP_START]=10000 [RTP_END]=10199
  # Phones and browsers reach this container by the address of its machine.
  [ICE]="[ice_host_candidates]"$'\n'"$own => $PUBLIC_ADDRESS,include_local_address"
  [NAT]="external_media_address=$PUBLIC_ADDRESS"$'\n'"external_signaling_address=$PUBLIC_ADDRESS"$'\n'"local_net=$own/16"
  [ARI_PASSWORD]=$ARI_PASSWORD [ARI_PARENT_PASSWORD]=$ARI_PARENT_PASSWORD [AMI_PASSWORD]=$AMI_PASSWORD
  [FALLBACK_SECONDS]=$FALLBACK_SECONDS
)

umask 077
mkdir -p $top/etc $top/data/spool/recording $top/data/keys $top/log
for file in /usr/share/vaxel/etc/*; do
  text=$(<"$file")
  for name in "${!values[@]}"; do text=${text//"{{$name}}"/"${values[$name]}"}; done
  if [[ $text =~ \{\{[A-Z_]+\}\} ]]; then
    echo "${file##*/}: no value for ${BASH_REMATCH[0]}" >&2
    exit 1
  fi
  printf '%s\n' "$text" > "$top/etc/${file##*/}"
done
exec asterisk -f -C "$top/etc/asterisk.conf"
