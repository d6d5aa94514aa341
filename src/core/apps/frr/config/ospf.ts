import { type CliCommand, command } from '../cli/command.ts'

/** Lines of ospfd (ospfd/ospf_vty.c of FRR 8.4), of which vtysh checks the form and ospfd the meaning. */
const OSPFD = ['ospfd'] as const

const INTERFACE = [
  'area <A.B.C.D|(0-4294967295)>',
  'cost (1-65535)',
  'dead-interval (1-65535)',
  'dead-interval minimal hello-multiplier (1-10)',
  'hello-interval (1-65535)',
  'mtu-ignore',
  'network <broadcast|non-broadcast|point-to-multipoint|point-to-point>',
  'passive',
  'priority (0-255)',
  'retransmit-interval (1-65535)',
  'transmit-delay (1-65535)',
]

/** What may be left out after `no`. */
const INTERFACE_BARE = [
  'area',
  'cost',
  'dead-interval',
  'hello-interval',
  'network',
  'priority',
  'retransmit-interval',
  'transmit-delay',
]

const ROUTER = [
  'ospf router-id A.B.C.D',
  'router-id A.B.C.D',
  'log-adjacency-changes [detail]',
  'network A.B.C.D/M area <A.B.C.D|(0-4294967295)>',
  'passive-interface <default|IFNAME>',
  'redistribute <kernel|connected|static> [{metric (0-16777214)|metric-type (1-2)|route-map RMAP_NAME}]',
  'default-information originate [{always|metric (0-16777214)|metric-type (1-2)|route-map RMAP_NAME}]',
  'default-metric (0-16777214)',
  'timers throttle spf (0-600000) (0-600000) (0-600000)',
  'timers throttle lsa all (0-5000)',
  'timers lsa min-arrival (0-5000)',
  'max-metric router-lsa administrative',
  'max-metric router-lsa <on-startup (5-86400)|on-shutdown (5-100)>',
  'maximum-paths (1-256)',
  'distance (1-255)',
  'auto-cost reference-bandwidth (1-4294967)',
  'ospf rfc1583compatibility',
  'refresh timer (10-1800)',
  'area <A.B.C.D|(0-4294967295)> stub [no-summary]',
]

const ROUTER_BARE = [
  'ospf router-id',
  'router-id',
  'timers throttle spf',
  'default-metric',
  'maximum-paths',
  'distance',
  'auto-cost reference-bandwidth',
  'max-metric router-lsa <on-startup|on-shutdown>',
]

const DEBUG = 'event|ism|nsm|nssa|spf|te|zebra|packet <all|hello|dd|ls-request|ls-update|ls-ack>|lsa'

export const OSPF_COMMANDS: readonly CliCommand[] = [
  command('config', OSPFD, 'router ospf', 'ospf'),
  command('config', OSPFD, 'no router ospf'),
  command('config', OSPFD, `[no] debug ospf <${DEBUG}>`),
  command('enable', OSPFD, `[no] debug ospf <${DEBUG}>`),
  ...INTERFACE.map((pattern) => command('interface', OSPFD, `[no] ip ospf ${pattern}`)),
  ...INTERFACE_BARE.map((pattern) => command('interface', OSPFD, `no ip ospf ${pattern}`)),
  ...ROUTER.map((pattern) => command('ospf', OSPFD, `[no] ${pattern}`)),
  ...ROUTER_BARE.map((pattern) => command('ospf', OSPFD, `no ${pattern}`)),
]
