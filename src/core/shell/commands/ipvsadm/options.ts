/** ipvsadm 1.31's own tables (ipvsadm.c): commands, options, and which go together. */

export type IpvsCommand =
  | 'add-service'
  | 'edit-service'
  | 'delete-service'
  | 'flush'
  | 'list'
  | 'add-server'
  | 'edit-server'
  | 'delete-server'
  | 'set'
  | 'start-daemon'
  | 'stop-daemon'
  | 'restore'
  | 'save'
  | 'zero'
  | 'add-laddr'
  | 'del-laddr'
  | 'get-laddr'

/** Options by the names the tool's complaints use, in the order of its checks. */
export const OPTIONS = [
  'numeric',
  'connection',
  'service-address',
  'scheduler',
  'persistent',
  'netmask',
  'real-server',
  'forwarding-method',
  'weight',
  'u-threshold',
  'l-threshold',
  'mcast-interface',
  'timeout',
  'daemon',
  'stats',
  'rate',
  'thresholds',
  'persistent-conn',
  'nosort',
  'syncid',
  'exact',
  'ops',
  'sched-flags',
  'local-address',
] as const
export type Option = (typeof OPTIONS)[number]

export const COMMANDS: Record<string, IpvsCommand | 'help'> = {
  '-A': 'add-service',
  '--add-service': 'add-service',
  '-E': 'edit-service',
  '--edit-service': 'edit-service',
  '-D': 'delete-service',
  '--delete-service': 'delete-service',
  '-C': 'flush',
  '--clear': 'flush',
  '-L': 'list',
  '-l': 'list',
  '--list': 'list',
  '-a': 'add-server',
  '--add-server': 'add-server',
  '-e': 'edit-server',
  '--edit-server': 'edit-server',
  '-d': 'delete-server',
  '--delete-server': 'delete-server',
  '-R': 'restore',
  '--restore': 'restore',
  '-S': 'save',
  '--save': 'save',
  '-Z': 'zero',
  '--zero': 'zero',
  '--set': 'set',
  '--start-daemon': 'start-daemon',
  '--stop-daemon': 'stop-daemon',
  // Words of the FULLNAT kernels' and DPVS's ipvsadm; the mainline tool has none of them.
  '-P': 'add-laddr',
  '--add-laddr': 'add-laddr',
  '-Q': 'del-laddr',
  '--del-laddr': 'del-laddr',
  '-G': 'get-laddr',
  '--get-laddr': 'get-laddr',
  '-h': 'help',
  '--help': 'help',
}

type Rules = Partial<Record<Option, '+' | ' ' | '1'>>

const SERVICE: Rules = {
  'service-address': '+',
  scheduler: ' ',
  persistent: ' ',
  netmask: ' ',
  ops: ' ',
  'sched-flags': ' ',
}
const SERVER: Rules = {
  'service-address': '+',
  'real-server': '+',
  'forwarding-method': ' ',
  weight: ' ',
  'u-threshold': ' ',
  'l-threshold': ' ',
}
const LADDR: Rules = { 'service-address': '+', 'local-address': '+' }

/** + must be given, blank may be given, of the ones at most one; what is missing here is illegal with that command. */
export const ALLOWED: Record<IpvsCommand, Rules> = {
  'add-service': SERVICE,
  'edit-service': SERVICE,
  'delete-service': { 'service-address': '+' },
  flush: {},
  list: {
    numeric: ' ',
    connection: '1',
    'service-address': '1',
    timeout: '1',
    daemon: '1',
    stats: ' ',
    rate: ' ',
    thresholds: ' ',
    'persistent-conn': ' ',
    nosort: ' ',
    exact: ' ',
  },
  'add-server': SERVER,
  'edit-server': SERVER,
  'delete-server': { 'service-address': '+', 'real-server': '+' },
  set: {},
  'start-daemon': { 'mcast-interface': ' ', syncid: ' ' },
  'stop-daemon': { syncid: ' ' },
  restore: {},
  save: { numeric: ' ' },
  zero: { 'service-address': ' ' },
  'add-laddr': LADDR,
  'del-laddr': LADDR,
  'get-laddr': { 'service-address': ' ', numeric: ' ' },
}

/** Long options by their short ones. */
export const LONG: Record<string, string> = {
  '--tcp-service': '-t',
  '--udp-service': '-u',
  '--fwmark-service': '-f',
  '--scheduler': '-s',
  '--persistent': '-p',
  '--netmask': '-M',
  '--real-server': '-r',
  '--gatewaying': '-g',
  '--masquerading': '-m',
  '--ipip': '-i',
  '--fullnat': '-b',
  '--weight': '-w',
  '--u-threshold': '-x',
  '--l-threshold': '-y',
  '--numeric': '-n',
  '--connection': '-c',
  '--ipv6': '-6',
  '--ops': '-o',
  '--sched-flags': '-b',
  '--local-address': '-z',
}
/** Short options that take a value; -b does with -A and -E only. */
export const TAKES_VALUE = 'tufspMrwxyzF'
export const LONG_VALUES = [
  '--mcast-interface',
  '--syncid',
  '--sync-maxlen',
  '--pe',
  '--tun-type',
  '--mcast-ttl',
]

/** Bits of the scheduler flags and their names, by scheduler (ipvsadm.c parse_sched_flags). */
export const SCHED_FLAGS: Record<string, readonly string[]> = {
  sh: ['sh-fallback', 'sh-port', 'flag-3'],
  mh: ['mh-fallback', 'mh-port', 'flag-3'],
}
export const PLAIN_FLAGS: readonly string[] = ['flag-1', 'flag-2', 'flag-3']

export const USAGE = `ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)
Usage:
  ipvsadm -A|E virtual-service [-s scheduler] [-p [timeout]] [-M netmask] [-b sched-flags]
  ipvsadm -D virtual-service
  ipvsadm -C
  ipvsadm -S [-n]
  ipvsadm -a|e virtual-service -r server-address [options]
  ipvsadm -d virtual-service -r server-address
  ipvsadm -L|l [virtual-service] [options]
  ipvsadm -Z [virtual-service]
  ipvsadm --set tcp tcpfin udp
  ipvsadm --start-daemon {master|backup} [daemon-options]
  ipvsadm --stop-daemon {master|backup}
  ipvsadm -P|Q -t|u service-address -z local-address        (FULLNAT, not in the mainline tool)
  ipvsadm -G [-t|u service-address]                         (FULLNAT)
  ipvsadm -h

virtual-service:
  --tcp-service|-t  service-address   service-address is host[:port]
  --udp-service|-u  service-address   service-address is host[:port]
  --fwmark-service|-f fwmark          fwmark is an integer greater than zero

Options:
  --scheduler    -s scheduler         one of rr|wrr|lc|wlc|lblc|lblcr|dh|sh|sed|nq|fo|ovf|mh,
                                      the default scheduler is wlc.
  --persistent   -p [timeout]         persistent service
  --netmask      -M netmask           persistent granularity mask
  --real-server  -r server-address    server-address is host (and port)
  --gatewaying   -g                   gatewaying (direct routing) (default)
  --ipip         -i                   ipip encapsulation (tunneling)
  --masquerading -m                   masquerading (NAT)
  --fullnat      -b                   FULLNAT (with -a, -e)
  --weight       -w weight            capacity of real server
  --u-threshold  -x uthreshold        upper threshold of connections
  --l-threshold  -y lthreshold        lower threshold of connections
  --connection   -c                   output of current IPVS connections
  --timeout                           output of timeout (tcp tcpfin udp)
  --daemon                            output of daemon information
  --stats                             output of statistics information
  --rate                              output of rate information
  --exact                             expand numbers (display exact values)
  --thresholds                        output of thresholds information
  --persistent-conn                   output of persistent connection info
  --nosort                            disable sorting output of service/server entries
  --sort                              does nothing, for backwards compatibility
  --ops          -o                   one-packet scheduling
  --numeric      -n                   numeric output of addresses and ports
  --sched-flags  -b flags             scheduler flags (comma-separated)
Daemon Options:
  --syncid sid                        syncid for connection sync (default=255)
  --mcast-interface interface         multicast interface for connection sync`
