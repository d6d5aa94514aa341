/**
 * Faults of \`play\` on a real machine: netem for links, SIGSTOP for a host that hangs, and its namespaces gone for one without
 * power. What stays different: a capture at a host that sends does not see what netem takes away there; a frozen host's
 * kernel cannot be stopped, so its links are cut instead and what arrives meanwhile is lost; a host that lost power
 * has the lab's files again.
 */
export const RUNTIME_FAULTS = `netem() { # WORDS of @fault -> words of netem
  local delay= jitter= out=
  while [ $# -gt 1 ]; do
    case $1 in delay) delay=$2;; jitter) jitter=$2;; *) out="$out $1 $2";; esac
    shift 2
  done
  # netem reorders only what it delays
  case $out in *reorder*) [ -n "$delay$jitter" ] || delay=1ms;; esac
  [ -z "$delay$jitter" ] || out="delay \${delay:-0ms} $jitter$out"
  echo "$out"
}
discipline() { # in|out HOST INTERFACE COMMAND...: tc where frames leave towards the host, or leave the host
  local way=$1 host=$2 dev=$3; shift 3
  if [ "$way" = out ]; then
    nsenter -t "$(pid_of "host.$host")" -n -- tc qdisc "$1" dev "$dev" root "\${@:2}"
  else
    ip netns exec "$SWITCH" tc qdisc "$1" dev "\${CABLE[$host:$dev]}" root "\${@:2}"
  fi
}
fault() { # HOST INTERFACE in|out WORDS
  local host=$1 dev=$2 way=$3 words base=; shift 3
  [ "$way" = out ] || base=\${DELAY[\${CABLE[$host:$dev]}]}
  if [ "$*" = none ]; then words=; else words=$(netem "$@"); fi
  # the segment's own delay sits in the same place
  [ "\${base:-0}" = 0 ] || [ -n "$words" ] || words="delay \${base}us"
  if [ -n "$words" ]; then discipline "$way" "$host" "$dev" replace netem $words limit 100000
  else discipline "$way" "$host" "$dev" del 2>/dev/null; fi
}
interfaces_of() { local pair; for pair in $INTERFACES; do [ "\${pair%%:*}" != "$1" ] || echo "\${pair#*:}"; done; }
freeze() {
  local dev
  for dev in $(interfaces_of "$1"); do fault "$1" "$dev" out loss 100%; fault "$1" "$dev" in loss 100%; done
  enter "host.$1" /bin/bash -c 'kill -STOP -1'
}
thaw() {
  local dev
  enter "host.$1" /bin/bash -c 'kill -CONT -1'
  for dev in $(interfaces_of "$1"); do fault "$1" "$dev" out none; fault "$1" "$dev" in none; done
}
power_off() {
  local dev pid pairs=()
  for dev in $(interfaces_of "$1"); do pairs+=("$1:$dev"); done
  capture_cut "\${pairs[@]}"
  read -r pid <"$RUN/host.$1.unshare"; kill -9 "$pid"; wait "$pid" 2>/dev/null
  rm -f "$RUN/host.$1.pid" "$RUN/host.$1.unshare"
  # its ends of the cables go with it
  for pair in "\${pairs[@]}"; do
    for _ in {1..200}; do ip -n "$SWITCH" link show "\${CABLE[$pair]}" >/dev/null 2>&1 || break; sleep 0.05; done
  done
}
power_on() {
  local dev pairs=()
  for dev in $(interfaces_of "$1"); do pairs+=("$1:$dev"); done
  node_of "$1"; node_ready "host.$1"; ports_of "$1"; files_of "$1"
  capture_on "\${pairs[@]}"
  boot_of "$1"
}`
