/**
 * systemctl and journalctl of an exported lab, as bash: there is no systemd in a namespace or a container. Daemons are
 * started as their units and frrinit.sh would; units are told from their pid files. What `enable` asked for is only remembered.
 */
export const SERVICES = `systemctl() {
  local verb= unit status=0 now= signal=TERM units=()
  while [ $# -gt 0 ]; do
    case $1 in
      --now) now=1;;
      -s) signal=$2; shift;;
      --signal=*) signal=\${1#*=};;
      -*) ;;
      *) if [ -z "$verb" ]; then verb=$1; else units+=("\${1%.service}"); fi;;
    esac
    shift
  done
  [ "$verb" != daemon-reload ] || return 0
  for unit in "\${units[@]}"; do vs_unit "$verb" "$unit" "$signal" "$now" || status=$?; done
  return $status
}
VS_WANTS=/etc/systemd/system/multi-user.target.wants
vs_unit() { # VERB UNIT SIGNAL NOW
  local pids
  case $2 in nginx|frr|keepalived) ;; *) vs_unknown "$1" "$2"; return;; esac
  case $1 in
    start) vs_start "$2";;
    stop) vs_stop "$2";;
    restart) vs_stop "$2"; vs_start "$2";;
    try-restart) vs_runs "$2" || return 0; vs_stop "$2"; vs_start "$2";;
    reload-or-restart) if vs_runs "$2"; then vs_unit reload "$2"; else vs_start "$2"; fi;;
    reload)
      vs_runs "$2" || { echo "$2.service is not active, cannot reload." >&2; return 1; }
      case $2 in nginx) command nginx -s reload;; frr) vtysh -b;; *) kill -HUP "$(vs_pids "$2" | head -n 1)";; esac;;
    status) vs_status "$2";;
    is-active) if vs_runs "$2"; then echo active; else echo inactive; return 3; fi;;
    is-enabled) if [ -e "$VS_WANTS/$2.service" ]; then echo enabled; else echo disabled; return 1; fi;;
    enable) mkdir -p "$VS_WANTS"; ln -sf "/lib/systemd/system/$2.service" "$VS_WANTS/"; [ -z "$4" ] || vs_start "$2";;
    disable) rm -f "$VS_WANTS/$2.service"; [ -z "$4" ] || vs_stop "$2";;
    kill)
      pids=$(vs_tree "$2")
      [ -n "$pids" ] || { echo "Failed to kill unit $2.service: No main process to kill" >&2; return 1; }
      kill -s "$3" $pids;;
    *) echo "Unknown command verb $1." >&2; return 1;;
  esac
}
vs_unknown() { # VERB UNIT
  case $1 in
    status) echo "Unit $2.service could not be found." >&2; return 4;;
    is-active) echo inactive; return 4;;
    stop) echo "Failed to stop $2.service: Unit $2.service not loaded." >&2; return 5;;
    *) echo "Failed to $1 $2.service: Unit $2.service not found." >&2; return 5;;
  esac
}
vs_pids() { case $1 in frr) cat /run/frr/*.pid;; *) cat "/run/$1.pid";; esac 2>/dev/null; }
vs_tree() { # what runs of a unit, children too
  local p
  for p in $(vs_pids "$1"); do vs_alive "$p" || continue; echo "$p"; cat "/proc/$p/task/$p/children" 2>/dev/null; done | tr -s ' \\n' '\\n\\n' | sort -un
}
vs_alive() { local s; read -r s 2>/dev/null <"/proc/$1/stat" && s=\${s##*) } && [ "\${s%% *}" != Z ]; }
vs_runs() { local p; for p in $(vs_pids "$1"); do vs_alive "$p" && return 0; done; return 1; }
vs_start() {
  ! vs_runs "$1" || return 0
  case $1 in
    nginx) command nginx;;
    keepalived)
      [ -s /etc/keepalived/keepalived.conf ] || return 0
      command keepalived --dont-fork --log-console >>/var/log/keepalived.journal 2>&1 </dev/null &
      disown
      for _ in {1..100}; do vs_runs keepalived && break; sleep 0.05; done;;
    frr) vs_frr;;
  esac
}
vs_end() { # SIGNAL PID...: ask, wait, insist
  local p signal=$1 _; shift
  [ $# -gt 0 ] || return 0
  kill -s "$signal" "$@" 2>/dev/null
  for p in "$@"; do
    for _ in {1..400}; do vs_alive "$p" || break; sleep 0.05; done
    ! vs_alive "$p" || kill -9 "$p"
  done
}
vs_stop() {
  local d
  case $1 in
    frr) # as frrinit.sh stop
      for d in watchfrr ospfd staticd zebra; do
        vs_end INT $(cat "/run/frr/$d.pid" 2>/dev/null); rm -f "/run/frr/$d.pid"
      done;;
    *) vs_end TERM $(vs_pids "$1");;
  esac
}
vs_frr() {
  local daemon options
  [ -r /etc/frr/daemons ] || { echo "Job for frr.service failed because the control process exited with error code." >&2; return 1; }
  mkdir -p /run/frr /var/log/frr; chown frr:frr /run/frr /var/log/frr; chown -R frr:frr /etc/frr
  set -- zebra $(sed -n 's/^\\(ospfd\\)="\\{0,1\\}yes.*/\\1/p' /etc/frr/daemons) staticd
  for daemon in "$@"; do
    options=$(sed -n "s/^\${daemon}_options=//p" /etc/frr/daemons | tail -n 1); options=\${options//\\"/}
    [ -n "$options" ] || options='-A 127.0.0.1'
    /usr/lib/frr/"$daemon" -d -F traditional $options || return 1
  done
  vtysh -b
  # a slow machine needs longer limits than watchfrr's own
  /usr/lib/frr/watchfrr -d -F traditional -t 90 -T 120 "$@" >/dev/null 2>&1
}
vs_status() {
  local p
  if vs_runs "$1"; then
    printf '● %s.service\\n     Active: active (running)\\n     CGroup: /system.slice/%s.service\\n' "$1" "$1"
    for p in $(vs_tree "$1"); do printf '             %s %s\\n' "$p" "$(tr '\\0' ' ' <"/proc/$p/cmdline")"; done
  else printf '○ %s.service\\n     Active: inactive (dead)\\n' "$1"; fi
  echo; journalctl -u "$1" -n 10
  vs_runs "$1" || return 3
}
journalctl() { # -u UNIT, -n N: what the daemons wrote to files of their own
  local unit= lines=+1
  while [ $# -gt 0 ]; do
    case $1 in -*u) unit=\${2%.service}; shift;; -n) lines=$2; shift;; -n*) lines=\${1#-n};; esac
    shift
  done
  case $unit in
    keepalived) tail -n "$lines" /var/log/keepalived.journal;;
    frr) tail -n "$lines" /var/log/frr/frr.log;;
    nginx) tail -n "$lines" /var/log/nginx/error.log;;
    *) cat /var/log/keepalived.journal /var/log/frr/frr.log | tail -n "$lines";;
  esac 2>/dev/null
}`
