/** Bash of an exported lab that does not depend on which lab it is. */

/** Building blocks of \`up\` and \`down\`. */
export const RUNTIME_UP = `export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM=dumb PAGER=cat TZ=UTC
RUN=/run/vipscope-$LAB SWITCH=vipscope-$LAB
die() { echo "$0: $*" >&2; exit 1; }
pid_of() { local pid; read -r pid <"$RUN/$1.pid" || die "$1 is not up"; echo "$pid"; }
enter() { local name=$1; shift; nsenter -t "$(pid_of "$name")" -n -m -u -p -w -- "$@"; }
export BASH_ENV=/run/vipscope.rc # read by each bash -c on a host

missing() {
  local pair bad=0
  for pair in $NEEDS; do
    type -P "\${pair%%:*}" >/dev/null || { echo "missing: \${pair%%:*} (Debian package \${pair#*:})" >&2; bad=1; }
  done
  [ "$(id -u)" = 0 ] || { echo "missing: root" >&2; bad=1; }
  return $bad
}

# node NAME FOLDER...: one host; the folders are those it has files of its own in
node() {
  local name=$1; shift
  mkdir -p "$RUN/$name"
  unshare -n -m -u -p --fork --kill-child --mount-proc /bin/bash -c "$HOST_INIT" init "\${name#*.}" "$RUN/$name" "$@" </dev/null >"$RUN/$name.log" 2>&1 &
  echo $! >"$RUN/$name.unshare"
}
node_ready() {
  local name=$1 parent pid view _
  read -r parent <"$RUN/$name.unshare"
  for _ in {1..600}; do
    pid=
    read -r pid 2>/dev/null <"/proc/$parent/task/$parent/children"
    pid=\${pid%% *}
    view=/proc/$pid/root
    [ -z "$pid" ] || [ ! -e "$view/run/vipscope.ready" ] || break
    [ -d "/proc/$parent" ] || die "$name does not start: $(cat "$RUN/$name.log")"
    sleep 0.05
  done
  [ -n "$pid" ] || die "$name does not start"
  echo "$pid" >"$RUN/$name.pid"
  printf '%s\\n' "$HOST_RC" | enter "$name" tee /run/vipscope.rc >/dev/null
}

# segment BRIDGE MTU: the switches are in a namespace of their own
segment() {
  ip -n "$SWITCH" link add "$1" mtu "$2" type bridge stp_state 0 forward_delay 0 mcast_snooping 0
  ip -n "$SWITCH" link set "$1" up
}
OFFLOADS='tx off rx off gso off gro off tso off sg off'
# port HOST INTERFACE MAC BRIDGE PORT MTU DELAY_US ADDRESS...
port() {
  local host=host.$1 dev=$2 mac=$3 bridge=$4 peer=$5 mtu=$6 delay=$7 address; shift 7
  ip link add "$dev" netns "$(pid_of "$host")" mtu "$mtu" address "$mac" type veth peer name "$peer" mtu "$mtu" netns "$SWITCH" || die "no $dev"
  ip netns exec "$SWITCH" ethtool -K "$peer" $OFFLOADS >/dev/null 2>&1
  enter "$host" ethtool -K "$dev" $OFFLOADS >/dev/null 2>&1
  ip -n "$SWITCH" link set "$peer" master "$bridge" up
  [ "$delay" = 0 ] || ip netns exec "$SWITCH" tc qdisc add dev "$peer" root netem delay "\${delay}us" limit 100000
  enter "$host" ip link set "$dev" up
  for address in "$@"; do enter "$host" ip address add "$address" brd + dev "$dev"; done
}
# at HOST LINE: a boot command
at() {
  local rc
  # into a file: a daemon that keeps its standard error open would keep a pipe open, too
  enter "host.$1" /bin/bash -c "$2" >"$RUN/out" 2>&1 </dev/null; rc=$?
  [ $rc = 0 ] || echo "boot: $1: $2: $(<"$RUN/out")" >&2
}
down() {
  local file pid
  for file in "$RUN"/*.unshare; do
    [ -e "$file" ] || continue
    read -r pid <"$file"; kill -9 "$pid" 2>/dev/null
  done
  [ ! -e "/run/netns/$SWITCH" ] || ip netns delete "$SWITCH"
  sleep 0.2
  rm -rf "$RUN"
}`

/** \`play\`: the script format and the folder layout of \`vipscope run\`. */
export const RUNTIME_PLAY = `JOBS=()
declare -A DUMPS CUTS # HOST:INTERFACE -> its tcpdump, and how many there were before
capture_on() { # HOST:INTERFACE...: one tcpdump on each; returns when all of them listen
  local pair host dev file
  for pair in "$@"; do
    host=\${pair%%:*} dev=\${pair#*:} file=$OUT/pcap/$host-$dev.pcap\${CUTS[$pair]:+.\${CUTS[$pair]}}
    nsenter -t "$(pid_of "host.$host")" -n -- tcpdump -i "$dev" -s 0 -U --immediate-mode -B 8192 --time-stamp-precision=nano -Z root -w "$file" 2>>"$OUT/tcpdump.err" &
    DUMPS[$pair]=$!
  done
  for pair in "$@"; do
    file=$OUT/pcap/\${pair%%:*}-\${pair#*:}.pcap\${CUTS[$pair]:+.\${CUTS[$pair]}}
    for _ in {1..600}; do [ -s "$file" ] && break; sleep 0.05; done
    [ -s "$file" ] || die "tcpdump does not start on \${pair#*:} of \${pair%%:*}: $(cat "$OUT/tcpdump.err")"
  done
  sleep 0.2
}
capture_cut() { # HOST:INTERFACE...: these captures end; they go on in another file
  local pair
  for pair in "$@"; do
    [ -n "\${DUMPS[$pair]-}" ] || continue
    kill -INT "\${DUMPS[$pair]}"; wait "\${DUMPS[$pair]}"
    unset "DUMPS[$pair]"
    CUTS[$pair]=$((\${CUTS[$pair]:-0} + 1))
  done
}
capture_end() {
  local pair file i
  sleep 0.7
  kill -INT "\${DUMPS[@]}"; wait "\${DUMPS[@]}"
  for pair in "\${!CUTS[@]}"; do
    file=$OUT/pcap/\${pair%%:*}-\${pair#*:}.pcap
    for ((i = 1; i <= CUTS[$pair]; i++)); do
      [ ! -e "$file.$i" ] || { tail -c +25 "$file.$i" >>"$file"; rm -f "$file.$i"; }
    done
  done
  grep 'dropped by kernel' "$OUT/tcpdump.err" | grep -v '^0 packets' >&2
  rm -f "$OUT/tcpdump.err"
}
report() { # HOST SIGN LINE FILE STATUS
  local text=
  IFS= read -r -d '' text <"$4"
  text=\${text//$'\\r'/}
  [ -z "$text" ] || [ "\${text: -1}" = $'\\n' ] || text+=$'\\n'
  [ "$5" = 0 ] || text+="(exit status $5)"$'\\n'
  printf '%s%s %s\\n%s\\n' "$1" "$2" "$3" "$text" | tee -a "$OUT/transcript.txt"
}
LINE_SECONDS=600
start() { # HOST LINE FILE
  timeout -s INT -k 1 $LINE_SECONDS nsenter -t "$(pid_of "host.$1")" -n -m -u -p -w -- /bin/bash -c "$2" >"$3" 2>&1 </dev/null
}
cable() { # HOST INTERFACE up|down
  local peer=\${CABLE[$1:$2]-}
  [ -n "$peer" ] || die "$1 has no interface $2"
  ip -n "$SWITCH" link set "$peer" "$3"
}
step() { # N LINE
  local host sign line words
  if [[ $2 == @* ]]; then
    read -ra words <<<"\${2%% #*}"
    case \${words[0]} in
      @sleep) sleep "\${words[1]}";;
      @unplug) cable "\${words[1]}" "\${words[2]}" down;;
      @plug) cable "\${words[1]}" "\${words[2]}" up;;
      @fault) fault "\${words[@]:1}";;
      @freeze) freeze "\${words[1]}";;
      @thaw) thaw "\${words[1]}";;
      @poweroff) power_off "\${words[1]}";;
      @poweron) power_on "\${words[1]}";;
      *) die "line $1: \${words[0]} cannot be done on a real machine";;
    esac
    return
  fi
  [[ $2 =~ ^([A-Za-z][A-Za-z0-9-]*)([\\$\\&])[[:space:]]*(.*)$ ]] || die "line $1: not a script line: $2"
  host=\${BASH_REMATCH[1]} sign=\${BASH_REMATCH[2]} line=\${BASH_REMATCH[3]}
  [ -e "$RUN/host.$host.pid" ] || die "line $1: there is no host $host"
  if [ "$sign" = '&' ]; then
    start "$host" "$line" "$OUT/.job$1" &
    JOBS+=("$!" "$host" "$line" "$OUT/.job$1")
  else
    start "$host" "$line" "$OUT/.line"; report "$host" '$' "$line" "$OUT/.line" $?
  fi
}
play() { # SCRIPT OUTDIR
  local n=0 i text
  [ -r "$1" ] || die "$1: no such file"
  mkdir -p "$2/pcap"; OUT=$(cd "$2" && pwd)
  : >"$OUT/transcript.txt"
  capture_on $INTERFACES
  while IFS= read -r text <&3 || [ -n "$text" ]; do
    n=$((n + 1))
    text=\${text%$'\\r'}; text=\${text#"\${text%%[![:space:]]*}"}; text=\${text%"\${text##*[![:space:]]}"}
    case $text in ''|'#'*) continue;; esac
    step $n "$text"
  done 3<"$1"
  for ((i = 0; i < \${#JOBS[@]}; i += 4)); do
    wait "\${JOBS[i]}"; report "\${JOBS[i + 1]}" '&' "\${JOBS[i + 2]}" "\${JOBS[i + 3]}" $?
  done
  sleep "$QUIET" # what is in flight comes to rest
  capture_end
  rm -f "$OUT"/.job* "$OUT"/.line
}`
