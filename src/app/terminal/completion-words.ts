/** Options and words of the usual tools, for completion: those that are modelled and that a person would look for. */

const OPTIONS: Readonly<Record<string, string>> = {
  ip: '-4 -6 -s -d -br -brief -o -j -n -c -details -statistics',
  curl:
    '-s -v -o -w -I -i -H -X -d -m -k -f -L --interface --connect-timeout --max-time --local-port --resolve ' +
    '--no-keepalive --http1.0 --http1.1 --head --include --verbose --silent --output --write-out --header',
  ping: '-c -i -I -W -w -s -t -n -q -M -f -4',
  traceroute: '-n -m -q -w -I -T -U -p -i',
  tcpdump: '-i -n -nn -e -v -vv -vvv -c -w -r -t -tt -ttt -x -X -A -q -D -s -l',
  ipvsadm:
    '-A -E -D -C -R -S -a -e -d -L -l -Z -t -u -f -s -r -g -m -i -w -p -n -c --stats --rate --set --timeout --exact ' +
    '--connection --sort --numeric --help',
  iptables:
    '-t -A -D -I -R -L -S -F -Z -N -X -P -C -p -s -d -i -o -j -m -n -v --dport --sport --to-destination --to-source ' +
    '--line-numbers --ctstate --state --set-mark --random --reject-with',
  'iptables-save': '-c -t',
  conntrack: '-L -D -E -F -C -S -p -s -d --src --dst --sport --dport -o -n',
  ss: '-t -u -l -n -a -p -s -4 -i -e -o -H -x',
  sysctl: '-a -n -w -p -q -e --system -r',
  nginx: '-t -T -s -v -V -c -g',
  systemctl: '--now --no-pager -l',
  journalctl: '-u -n -f --no-pager -e -x',
  grep: '-i -v -c -n -E -F -o -q -w -A -B -C -r -l',
  ls: '-l -a -la -h -1 -R',
  arp: '-a -n -e -d -s -i -v',
  arping: '-c -I -w -D -U -A -q -b -f',
  nstat: '-a -z -n -s -r',
  head: '-n -c',
  tail: '-n -f',
  sort: '-n -r -u -k -t',
  uniq: '-c -d -u',
  cut: '-d -f -c',
  wc: '-l -w -c',
  watch: '-n -d -t',
  nc: '-l -v -z -u -n -w -p -k',
  ab: '-n -c -k -t -q',
}

/** Options of a tool. */
export function optionsOf(name: string, args: readonly string[]): readonly string[] {
  return (OPTIONS[name] ?? '--help').split(' ').filter((option) => !args.includes(option))
}

const split = (words: string): readonly string[] => words.split(' ')

const IP_OBJECTS = 'addr address link route rule neigh nexthop tunnel'
const SERVICES = split('nginx firewalld frr keepalived network zebra ospfd')

/** Words that follow a word ('' = the name of the command itself). */
export const WORDS_AFTER: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  ip: {
    '': split(IP_OBJECTS),
    ...Object.fromEntries(['-s', '-d', '-br', '-o', '-j', '-4'].map((option) => [option, split(IP_OBJECTS)])),
    ...Object.fromEntries(['addr', 'address', 'a'].map((name) => [name, split('show add del flush dev')])),
    link: split('show set add del'),
    set: split('dev'),
    route: split('show add del replace change append get flush'),
    add: split('default dev nexthop blackhole unreachable prohibit'),
    default: split('via dev nexthop'),
    rule: split('show add del'),
    neigh: split('show add del replace flush'),
    nexthop: split('show add del replace via'),
    tunnel: split('show add del change'),
  },
  systemctl: {
    '': split(
      'status start stop restart reload enable disable is-active is-enabled list-units daemon-reload mask',
    ),
    ...Object.fromEntries(
      split('status start stop restart reload enable disable is-active is-enabled mask').map((verb) => [
        verb,
        SERVICES,
      ]),
    ),
  },
  ipvsadm: {
    '-s': split('rr wrr lc wlc lblc lblcr dh sh sed nq mh ovf'),
    '-L': split('-n --stats --rate -c'),
  },
  iptables: {
    '-t': split('filter nat mangle raw'),
    '-A': split('INPUT FORWARD OUTPUT PREROUTING POSTROUTING'),
    '-I': split('INPUT FORWARD OUTPUT PREROUTING POSTROUTING'),
    '-j': split('ACCEPT DROP REJECT RETURN MASQUERADE SNAT DNAT MARK LOG'),
    '-p': split('tcp udp icmp all'),
    '-m': split('tcp udp state conntrack statistic mark comment limit multiport'),
  },
  nginx: { '-s': split('stop quit reload reopen') },
  ping: { '-M': split('do want dont') },
  conntrack: { '-p': split('tcp udp icmp') },
  modprobe: { '': split('ip_vs ip_vs_rr ip_vs_wrr ip_vs_sh ip_vs_mh ipip nf_conntrack') },
}
