import { formatIp4, type Ip4 } from '../../../base/ids.ts'
import {
  DEFAULT_MIN_ARRIVAL_MS,
  DEFAULT_REF_BANDWIDTH,
  DEFAULT_THROTTLE,
  type IfConfig,
  type OspfConfig,
} from '../ospfd/config.ts'

/** What ospfd writes for `show running-config` (ospf_config_write in ospfd/ospf_vty.c): what differs from the default. */
export function ospfLines(conf: OspfConfig): string[] {
  const devs = Object.keys(conf.interfaces)
  return [
    ...devs.flatMap((dev) => [`interface ${dev}`, ...interfaceLines(conf.interfaces[dev] ?? {})]),
    ...(conf.enabled ? ['router ospf', ...routerLines(conf).map((line) => ` ${line}`)] : []),
  ]
}

function interfaceLines(own: IfConfig): string[] {
  const { cost, hello, dead, priority, network, area, areaDotted, retransmit, transmitDelay } = own
  const all: readonly [string, number | string | undefined][] = [
    ['network', network],
    ['cost', cost],
    ['hello-interval', hello === 10 ? undefined : hello],
    ['dead-interval', dead === 40 ? undefined : dead],
    ['priority', priority === 1 ? undefined : priority],
    ['retransmit-interval', retransmit === 5 ? undefined : retransmit],
    ['transmit-delay', transmitDelay === 1 ? undefined : transmitDelay],
    ['area', area === undefined ? undefined : areaText(area, areaDotted)],
  ]
  const lines = all.flatMap(([name, value]) => (value === undefined ? [] : [` ip ospf ${name} ${value}`]))
  if (own.mtuIgnore) lines.push(' ip ospf mtu-ignore')
  if (own.passive !== undefined) lines.push(own.passive ? ' ip ospf passive' : ' no ip ospf passive')
  return lines
}

function areaText(area: Ip4, dotted: boolean | undefined): string {
  return dotted ? formatIp4(area) : String(area)
}

function routerLines(conf: OspfConfig): string[] {
  const { routerId, logAdjacency, throttle, refBandwidthMbps, minArrivalMs, maxPaths, distance } = conf
  const isThrottled = JSON.stringify(throttle) !== JSON.stringify(DEFAULT_THROTTLE)
  const redistributed = Object.entries(conf.redistribute).map(([type, how]) => {
    const metric = how.metric === undefined ? '' : ` metric ${how.metric}`
    return `redistribute ${type}${metric}${how.metricType === 1 ? ' metric-type 1' : ''}`
  })
  const lines: readonly (string | false)[] = [
    routerId !== 0 && `ospf router-id ${formatIp4(routerId)}`,
    logAdjacency !== 'no' && `log-adjacency-changes${logAdjacency === 'detail' ? ' detail' : ''}`,
    conf.rfc1583 && 'compatible rfc1583',
    refBandwidthMbps !== DEFAULT_REF_BANDWIDTH && `auto-cost reference-bandwidth ${refBandwidthMbps}`,
    isThrottled && `timers throttle spf ${throttle.delayMs} ${throttle.holdMs} ${throttle.maxMs}`,
    minArrivalMs !== DEFAULT_MIN_ARRIVAL_MS && `timers lsa min-arrival ${minArrivalMs}`,
    conf.maxMetric && 'max-metric router-lsa administrative',
    maxPaths !== 256 && `maximum-paths ${maxPaths}`,
    ...redistributed,
    conf.passiveDefault && 'passive-interface default',
    ...conf.networks.map(
      ({ ip, prefix, area, dotted }) => `network ${formatIp4(ip)}/${prefix} area ${areaText(area, dotted)}`,
    ),
    distance !== 110 && `distance ${distance}`,
  ]
  return lines.filter((line) => line !== false)
}
