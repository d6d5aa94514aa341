import { useState } from 'react'
import { formatIp4, type Ip4 } from '../../core/base/ids.ts'
import {
  firewallCommand,
  forwardCommand,
  gatewayCommand,
  gatewayOf,
  gatewaysFor,
  isFirewallOn,
  rpFilterCommand,
} from '../model/host-commands.ts'
import { mainDev } from '../model/cards.ts'
import { hostsOfRole } from '../model/knob-commands.ts'
import { Plate } from '../parts/plate.tsx'
import { Segmented } from '../parts/segmented.tsx'
import { useScene, useWords } from '../session/context.tsx'
import { HostChoice } from './host-choice.tsx'
import { KnobCommand } from './knob-command.tsx'
import { useHostChoice } from './use-host-choice.ts'
import { useKnob } from './use-knob.ts'

/** Default gateway of a server: the router, a load balancer, or none. */
export function GatewayKnob() {
  const { ui } = useWords()
  const { owners } = useScene()
  const { now, tail, ready, type } = useKnob()
  const servers = hostsOfRole(now, 'server')
  const [host, choose] = useHostChoice(servers)
  const view = host === undefined ? undefined : now[host]
  if (host === undefined || view === undefined) return <span className="muted">{ui.knobs.none}</span>
  const gateway = gatewayOf(view)
  const options = gatewaysFor(view, now)
  const set = (ip: Ip4): void => {
    const before = tail[host] === undefined ? gateway : gatewayOf(tail[host])
    if (ip !== before) type(host, gatewayCommand(ip))
  }
  return (
    <>
      <HostChoice label={ui.knobs.server} hosts={servers} chosen={host} onChoose={choose} />
      <Segmented
        label={ui.knobs.names.gateway}
        value={gateway}
        disabled={!ready}
        segments={[
          ...options.map((one) => ({
            value: one.ip,
            name: one.host,
            title: `${one.host} ${formatIp4(one.ip)}`,
            label: <Plate code={owners.codeOf(one.host)} size="list" />,
          })),
          { value: 0 as Ip4, label: ui.knobs.noGateway },
        ]}
        onChoose={set}
      />
      <KnobCommand line={gatewayCommand(gateway)} />
    </>
  )
}

export function ForwardKnob() {
  const { ui } = useWords()
  const { now, ready, type } = useKnob()
  const hosts = Object.keys(now)
  const [host, choose] = useHostChoice(hosts)
  const view = host === undefined ? undefined : now[host]
  if (host === undefined || view === undefined) return <span className="muted">{ui.knobs.none}</span>
  const value = Number(view.sysctl['net.ipv4.ip_forward'] ?? 0)
  return (
    <>
      <HostChoice label={ui.knobs.host} hosts={hosts} chosen={host} onChoose={choose} />
      <Segmented
        label={ui.knobs.names.ip_forward}
        value={value}
        disabled={!ready}
        segments={[0, 1].map((one) => ({ value: one, label: one }))}
        onChoose={(one) => type(host, forwardCommand(one))}
      />
      <KnobCommand line={forwardCommand(value)} />
    </>
  )
}

/** rp_filter of a host, at one of its places; the larger of all and the interface counts. */
export function RpFilterKnob() {
  const { ui } = useWords()
  const { now, ready, type } = useKnob()
  const hosts = Object.keys(now)
  const [host, choose] = useHostChoice(hosts)
  const [wanted, setPlace] = useState('all')
  const view = host === undefined ? undefined : now[host]
  if (host === undefined || view === undefined) return <span className="muted">{ui.knobs.none}</span>
  const places = ['all', ...view.devs.flatMap(({ name }) => (name === 'lo' ? [] : [name]))]
  const place = places.includes(wanted) ? wanted : 'all'
  const at = (one: string): number => view.conf[one]?.rp_filter ?? 0
  const dev = place === 'all' ? mainDev(view) : place
  return (
    <>
      <HostChoice label={ui.knobs.host} hosts={hosts} chosen={host} onChoose={choose} />
      <Segmented
        label={`rp_filter: ${ui.knobs.value}`}
        value={at(place)}
        disabled={!ready}
        segments={[0, 1, 2].map((value) => ({ value, label: value }))}
        onChoose={(value) => type(host, rpFilterCommand(place, value))}
      />
      <Segmented
        label={ui.knobs.place}
        value={place}
        segments={places.map((value) => ({ value, label: value }))}
        onChoose={setPlace}
      />
      <KnobCommand line={rpFilterCommand(place, at(place))}>
        {`${dev} ${ui.knobs.effect}: max(${at('all')}, ${at(dev)}) = ${Math.max(at('all'), at(dev))}`}
      </KnobCommand>
    </>
  )
}

/** firewalld with its usual zone: it lets in ssh and answers to own requests, nothing else. */
export function FirewallKnob() {
  const { ui } = useWords()
  const { now, tail, ready, type } = useKnob()
  const hosts = Object.keys(now)
  const [host, choose] = useHostChoice(hosts)
  const view = host === undefined ? undefined : now[host]
  if (host === undefined || view === undefined) return <span className="muted">{ui.knobs.none}</span>
  const on = isFirewallOn(view)
  return (
    <>
      <HostChoice label={ui.knobs.host} hosts={hosts} chosen={host} onChoose={choose} />
      <Segmented
        label={ui.knobs.names.firewall}
        value={on ? 'on' : 'off'}
        disabled={!ready}
        segments={(['on', 'off'] as const).map((value) => ({ value, label: ui.knobs[value] }))}
        onChoose={(value) =>
          isFirewallOn(tail[host] ?? view) !== (value === 'on') && type(host, firewallCommand(value === 'on'))
        }
      />
      <KnobCommand line={firewallCommand(!on)} />
    </>
  )
}
