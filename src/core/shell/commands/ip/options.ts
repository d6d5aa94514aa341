export interface IpOptions {
  brief: boolean
  stats: boolean
  /** `-4`: link-layer lines are left out. */
  inetOnly: boolean
  /** `-o`: an address a line, its interface before it. */
  oneline: boolean
}

/** iproute2 6.1's own text, cut down to the objects that are modelled. */
export const IP_USAGE = `Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }
where  OBJECT := { address | link | maddress | neighbour | netconf | nexthop |
                   route | rule | tunnel }
       OPTIONS := { -V[ersion] | -s[tatistics] | -d[etails] | -4 | -br[ief] | -o[neline] |
                    -j[son] | -p[retty] | -c[olor] }`

export const ADDRESS_USAGE = `Usage: ip address {add|change|replace} IFADDR dev IFNAME
       ip address del IFADDR dev IFNAME
       ip address flush dev IFNAME
       ip address [ show [ dev IFNAME ] [ to PREFIX ] [ label LABEL ] [up] ]
IFADDR := PREFIX [ broadcast ADDR ] [ label IFNAME ]`

export const LINK_USAGE = `Usage: ip link set { DEVICE | dev DEVICE } [ { up | down } ] [ address LLADDR ] [ mtu MTU ]
       ip link show [ DEVICE ] [up]
       ip link add [ name ] NAME type ipip [ local ADDR ] [ remote ADDR ] [ ttl TTL ]
       ip link del DEVICE`

export const ROUTE_USAGE = `Usage: ip route { list | flush } SELECTOR
       ip route get ADDRESS [ from ADDRESS iif STRING ] [ oif STRING ]
                            [ ipproto PROTOCOL ] [ sport NUMBER ] [ dport NUMBER ]
       ip route { add | del | change | append | replace } ROUTE
SELECTOR := [ root PREFIX ] [ match PREFIX ] [ exact PREFIX ]
            [ table TABLE_ID ] [ proto RTPROTO ] [ type TYPE ] [ scope SCOPE ]
ROUTE := NODE_SPEC [ INFO_SPEC ]
NODE_SPEC := [ TYPE ] PREFIX [ table TABLE_ID ] [ proto RTPROTO ] [ scope SCOPE ] [ metric METRIC ]
INFO_SPEC := { NH | nhid ID } [ src ADDRESS ] [ mtu NUMBER ] [ nexthop NH ]...
NH := [ via ADDRESS ] [ dev STRING ] [ weight NUMBER ] [ onlink ]
TYPE := { unicast | unreachable | prohibit | blackhole | throw }
TABLE_ID := [ local | main | default | all | NUMBER ]`

export const RULE_USAGE = `Usage: ip rule { add | del } SELECTOR ACTION
       ip rule { flush | list }
SELECTOR := [ not ] [ from PREFIX ] [ to PREFIX ] [ fwmark FWMARK[/MASK] ]
            [ iif STRING ] [ oif STRING ] [ pref NUMBER ]
            [ ipproto PROTOCOL ] [ sport NUMBER[-NUMBER] ] [ dport NUMBER[-NUMBER] ]
ACTION := [ table TABLE_ID ] [ blackhole | unreachable | prohibit ]
          [ suppress_prefixlength NUMBER ]
TABLE_ID := [ local | main | default | NUMBER ]`

export const NEXTHOP_USAGE = `Usage: ip nexthop { list | flush }
       ip nexthop { add | replace } id ID NH [ protocol ID ]
       ip nexthop { get | del } id ID
NH := { blackhole | [ via ADDRESS ] [ dev DEV ] [ onlink ] | group GROUP [ type TYPE [ TYPE_ARGS ] ] }
GROUP := [ <id[,weight]>/<id[,weight]>/... ]
TYPE := { mpath | resilient }
TYPE_ARGS := [ buckets NUMBER ] [ idle_timer SECONDS ] [ unbalanced_timer SECONDS ]`

export const TUNNEL_USAGE = `Usage: ip tunnel { add | change | del | show } [ NAME ]
        [ mode ipip ] [ remote ADDR ] [ local ADDR ]
        [ ttl TTL ] [ tos TOS ] [ [no]pmtudisc ]
Where: NAME := STRING
       ADDR := { IP_ADDRESS | any }
       TOS  := { STRING | 00..ff | inherit }
       TTL  := { 1..255 | inherit }`

export const NEIGH_USAGE = `Usage: ip neigh { add | del | change | replace }
                { ADDR [ lladdr LLADDR ] [ nud STATE ] } [ dev DEV ]
	ip neigh { show | flush } [ to PREFIX ] [ dev DEV ] [ nud STATE ]
	ip neigh get ADDR dev DEV
STATE := { noarp | permanent | reachable | stale }`
