import { SERVICES } from './netns-services.ts'

/**
 * Bash that every host of an exported lab is made of. A host is a set of namespaces (network, mounts, host name,
 * processes): commands print what they would print on a machine of its own. What it writes below /etc and /run stays in
 * it. Kernel modules are the one kernel's: `modprobe ipip` on one host loads the module for all of them.
 */

/** First process of a host; its arguments are the host's name and a folder of its own. */
export const HOST_INIT = `mount --make-rprivate /
hostname "$1"
store=$2
mount -t tmpfs tmpfs "$store"
layer() { # FOLDER: reads what the machine has there, keeps what is written to itself
  mkdir -p "$store/up$1" "$store/work$1"
  mount -t overlay overlay -o "lowerdir=$1,upperdir=$store/up$1,workdir=$store/work$1" "$1" 2>/dev/null && return
  mkdir -p "$store/copy$1" && cp -a "$1/." "$store/copy$1/" 2>/dev/null
  mount --bind "$store/copy$1" "$1"
}
mount -t sysfs sysfs /sys 2>/dev/null
layer /etc
for folder in "\${@:3}"; do
  while [ ! -d "$folder" ]; do folder=\${folder%/*}; done
  [ -z "$folder" ] || layer "$folder"
done
echo "$1" >/etc/hostname
for folder in /run /tmp /root /var/log /var/tmp /var/lib/nginx; do
  [ ! -d "$folder" ] || mount -t tmpfs -o mode=755 tmpfs "$folder"
done
chmod 1777 /tmp /var/tmp
mkdir -p /run/lock /run/nginx /run/frr /run/keepalived /var/log/nginx /var/log/frr
chown frr:frr /run/frr /var/log/frr 2>/dev/null
for key in all default; do
  [ ! -e /proc/sys/net/ipv6/conf/$key ] || echo 1 >/proc/sys/net/ipv6/conf/$key/disable_ipv6
done
# a new namespace takes these over from the machine: back to what the kernel itself starts with
sysctl -qw net.ipv4.ip_forward=0
for key in all default; do
  sysctl -qw net.ipv4.conf.$key.{rp_filter,arp_ignore,arp_announce,arp_filter,arp_notify,proxy_arp}=0 \\
    net.ipv4.conf.$key.{accept_local,route_localnet,log_martians,promote_secondaries}=0 \\
    net.ipv4.conf.$key.{accept_redirects,send_redirects,secure_redirects,shared_media}=1
done
ip link set lo up
cd /root
echo ready >/run/vipscope.ready
while :; do sleep 86400; done # not exec: somebody must wait for orphans`

/**
 * What every command line on a host finds defined: services, and curl as on a terminal. The mainline kernel has no FULLNAT: \`ipvsadm -b\` on a real server becomes NAT, with a rule that gives the
 * load balancer's address to the requests (net.ipv4.vs.conntrack=1 is needed for that).
 */
export const HOST_RC = `unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
curl() { command curl --no-progress-meter "$@"; } # as on a terminal
${SERVICES}
ipvsadm() {
  local word local_address= vip= args=() verb=\${1-}
  case $verb in
    -P|-Q|--add-laddr|--del-laddr)
      while [ $# -gt 0 ]; do case $1 in -z|--local-address) local_address=$2; shift;; -t|-u) vip=$2; shift;; esac; shift; done
      vs_fullnat "$verb" "$vip" "$local_address"; return;;
    -a|-e|--add-server|--edit-server)
      for word in "$@"; do case $word in -b|--fullnat) args+=(-m); sysctl -qw net.ipv4.vs.conntrack=1;; *) args+=("$word");; esac; done
      command ipvsadm "\${args[@]}";;
    *) command ipvsadm "$@";;
  esac
}
vs_fullnat() { # VERB VIP:PORT ADDRESS
  local how=-A; case $1 in -Q|--del-laddr) how=-D;; esac
  iptables -t nat $how POSTROUTING -m ipvs --vaddr "\${2%:*}/32" --vport "\${2#*:}" -j SNAT --to-source "$3"
}`
