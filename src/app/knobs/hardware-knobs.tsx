import { useState } from 'react'
import type { HostView, LinkFaults } from '../../engine/engine.ts'
import { faultWords, mtuCommands, NO_FAULTS, timeText } from '../model/host-commands.ts'
import { type Port, portsOfLab } from '../model/ports.ts'
import { Segmented } from '../parts/segmented.tsx'
import { Select } from '../parts/select.tsx'
import { useScene, useWords } from '../session/context.tsx'
import { HostChoice } from './host-choice.tsx'
import { KnobCommand } from './knob-command.tsx'
import { useHostChoice } from './use-host-choice.ts'
import { useKnob } from './use-knob.ts'

const MTUS = [1500, 1480, 1400, 576]
const PERCENTS = [0, 1, 10, 50, 100]
const DELAYS_NS = [0, 1e6, 20e6, 200e6]
const KINDS = ['lossPercent', 'duplicatePercent', 'corruptPercent', 'reorderPercent', 'delayNs'] as const
type Kind = (typeof KINDS)[number]

/** Interface of a knob, chosen from those of the lab. */
function usePort() {
  const { session, owners } = useScene()
  const ports = portsOfLab(session.lab)
  const hosts = [...new Set(ports.map(({ host }) => host))]
  const [host, choose] = useHostChoice(hosts)
  const [wanted, setDev] = useState('')
  const here = ports.filter((port) => port.host === host)
  const port = here.find(({ dev }) => dev === wanted) ?? here[0]
  return { port, ports, hosts, choose, here, setDev, owners }
}

function PortChoice({ chosen }: { chosen: ReturnType<typeof usePort> }) {
  const { ui } = useWords()
  const { port, hosts, choose, here, setDev } = chosen
  if (port === undefined) return null
  return (
    <>
      <HostChoice label={ui.knobs.host} hosts={hosts} chosen={port.host} onChoose={choose} />
      {here.length > 1 ? (
        <Segmented
          label={ui.knobs.port}
          value={port.dev}
          segments={here.map(({ dev }) => ({ value: dev, label: dev }))}
          onChoose={setDev}
        />
      ) : null}
    </>
  )
}

function devOf(views: Readonly<Record<string, HostView>>, port: Port | undefined) {
  return views[port?.host ?? '']?.devs.find(({ name }) => name === port?.dev)
}

/** The cable of an interface. */
export function CableKnob() {
  const { ui } = useWords()
  const { now, ready, act } = useKnob()
  const chosen = usePort()
  const { port } = chosen
  const dev = devOf(now, port)
  if (port === undefined || dev === undefined) return <span className="muted">{ui.knobs.none}</span>
  return (
    <>
      <PortChoice chosen={chosen} />
      <Segmented
        label={ui.knobs.names.cable}
        value={dev.carrier ? 'in' : 'out'}
        disabled={!ready}
        segments={(['in', 'out'] as const).map((value) => ({ value, label: ui.knobs.cables[value] }))}
        onChoose={(value) => act((engine) => engine.cable(port.host, port.dev, value === 'in'))}
      />
      <KnobCommand byHand line={`@${dev.carrier ? 'unplug' : 'plug'} ${port.host} ${port.dev}`} />
    </>
  )
}

/** What the link of an interface does to frames, one way. */
export function FaultKnob() {
  const { ui } = useWords()
  const { now, tail, ready, act } = useKnob()
  const chosen = usePort()
  const [way, setWay] = useState<'in' | 'out'>('in')
  const [kind, setKind] = useState<Kind>('lossPercent')
  const { port } = chosen
  const dev = devOf(now, port)
  if (port === undefined || dev === undefined) return <span className="muted">{ui.knobs.none}</span>
  const faults = dev.faults[way] ?? NO_FAULTS
  const values = kind === 'delayNs' ? DELAYS_NS : PERCENTS
  const set = (value: number): void => {
    const last: LinkFaults = devOf(tail, port)?.faults[way] ?? NO_FAULTS
    act((engine) => engine.fault(port.host, port.dev, way, { ...last, [kind]: value }))
  }
  return (
    <>
      <PortChoice chosen={chosen} />
      <Segmented
        label={ui.knobs.wayOf}
        value={way}
        segments={(['in', 'out'] as const).map((value) => ({ value, label: ui.knobs.ways[value] }))}
        onChoose={setWay}
      />
      <Select
        label={ui.knobs.kindOf}
        value={kind}
        options={KINDS.map((value) => ({ value, label: ui.knobs.kinds[value] }))}
        onChoose={setKind}
      />
      <Segmented
        label={ui.knobs.kinds[kind]}
        value={faults[kind]}
        disabled={!ready}
        segments={[...new Set([...values, faults[kind]])].map((value) => ({
          value,
          label: kind === 'delayNs' && value > 0 ? timeText(value) : value,
        }))}
        onChoose={set}
      />
      <KnobCommand byHand line={`@fault ${port.host} ${port.dev} ${way} ${faultWords(faults) || 'none'}`} />
    </>
  )
}

/** MTU of one interface, or of all on a LAN: packets that no longer fit are cut up or refused. */
export function MtuKnob() {
  const { ui } = useWords()
  const { session, owners } = useScene()
  const { now, ready, typeAll } = useKnob()
  const [wanted, setWanted] = useState(0)
  const ports = portsOfLab(session.lab)
  const lans = Object.keys(session.lab.segments)
  const targets = [
    ...lans.map((lan) => ({
      label: ui.knobs.lan(lan),
      ports: ports.filter(({ segment }) => segment === lan),
    })),
    ...ports.map((port) => ({
      label: `${owners.codeOf(port.host)} ${port.host} ${port.dev}`,
      ports: [port],
    })),
  ]
  const target = targets[wanted] ?? targets[0]
  const dev = devOf(now, target?.ports[0])
  if (target === undefined || dev === undefined) return <span className="muted">{ui.knobs.none}</span>
  const isOne = target.ports.every((port) => devOf(now, port)?.mtu === dev.mtu)
  return (
    <>
      <Select
        label={ui.knobs.port}
        value={targets.indexOf(target)}
        options={targets.map(({ label }, value) => ({ value, label }))}
        onChoose={setWanted}
      />
      <Segmented
        label={ui.knobs.names.mtu}
        value={isOne ? dev.mtu : undefined}
        disabled={!ready}
        segments={[...new Set([...MTUS, dev.mtu])].map((value) => ({ value, label: value }))}
        onChoose={(mtu) => typeAll(mtuCommands(target.ports, mtu))}
      />
      <KnobCommand line={mtuCommands(target.ports, dev.mtu)[0]?.line ?? ''} times={target.ports.length} />
    </>
  )
}

/** Whether a host runs. Switching on boots it as the lab does. */
export function PowerKnob() {
  const { ui } = useWords()
  const { now, tail, ready, act } = useKnob()
  const hosts = Object.keys(now)
  const [host, choose] = useHostChoice(hosts)
  const view = host === undefined ? undefined : now[host]
  if (host === undefined || view === undefined) return <span className="muted">{ui.knobs.none}</span>
  const set = (wanted: HostView['power']): void => {
    const power = (tail[host] ?? view).power
    if (power === wanted) return
    act(async (engine) => {
      // what is off must boot before it can freeze
      if (power === 'off') await engine.power(host, 'on')
      if (wanted !== 'on') await engine.power(host, wanted)
      else if (power === 'frozen') await engine.power(host, 'thawed')
    })
  }
  const words = { on: 'freeze', frozen: 'thaw', off: 'poweron' } as const
  return (
    <>
      <HostChoice label={ui.knobs.host} hosts={hosts} chosen={host} onChoose={choose} />
      <Segmented
        label={ui.knobs.names.power}
        value={view.power}
        disabled={!ready}
        segments={(['on', 'frozen', 'off'] as const).map((value) => ({
          value,
          label: ui.knobs.powers[value],
        }))}
        onChoose={set}
      />
      <KnobCommand byHand line={`@${words[view.power]} ${host}`} />
    </>
  )
}
