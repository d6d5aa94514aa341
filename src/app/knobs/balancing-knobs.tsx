import { useState } from 'react'
import { formatIp4 } from '../../core/base/ids.ts'
import { schedulerCommand, weightCommand } from '../model/host-commands.ts'
import { destsOf, ownerOf } from '../model/lvs-lab.ts'
import { Segmented } from '../parts/segmented.tsx'
import { Select } from '../parts/select.tsx'
import { useScene, useWords } from '../session/context.tsx'
import { HostChoice } from './host-choice.tsx'
import { KnobCommand } from './knob-command.tsx'
import { useHostChoice } from './use-host-choice.ts'
import { useKnob } from './use-knob.ts'

const WEIGHTS = [0, 1, 2, 3, 5, 10]
const SCHEDULERS = [
  'rr',
  'wrr',
  'lc',
  'wlc',
  'sh',
  'dh',
  'mh',
  'sed',
  'nq',
  'fo',
  'ovf',
  'lblc',
  'lblcr',
  'twos',
]

/** Weight of one real server on one load balancer; 0 takes no new connections. */
export function WeightKnob() {
  const { ui } = useWords()
  const { owners } = useScene()
  const { now, ready, type } = useKnob()
  const [wanted, setWanted] = useState(0)
  const all = destsOf(now)
  const placed = all[wanted] ?? all[0]
  if (placed === undefined) return <span className="muted">{ui.knobs.none}</span>
  const { director, service, dest } = placed
  const nameOf = (ip: typeof dest.ip): string => ownerOf(now, ip) ?? formatIp4(ip)
  const weights = [...new Set([...WEIGHTS, dest.weight])].sort((a, b) => a - b)
  return (
    <>
      <Select
        label={ui.knobs.realServer}
        value={all.indexOf(placed)}
        options={all.map((one, value) => ({
          value,
          label: `${owners.codeOf(one.director.host)} → ${nameOf(one.dest.ip)}:${one.dest.port}`,
        }))}
        onChoose={setWanted}
      />
      <Segmented
        label={ui.knobs.names.weight}
        value={dest.weight}
        disabled={!ready}
        segments={weights.map((value) => ({ value, label: value }))}
        onChoose={(weight) => type(director.host, weightCommand(service, dest, weight))}
      />
      <KnobCommand line={weightCommand(service, dest, dest.weight)} />
    </>
  )
}

/** How a load balancer chooses among the real servers of its first service. */
export function SchedulerKnob() {
  const { ui } = useWords()
  const { now, ready, type } = useKnob()
  const directors = Object.values(now).flatMap((view) => (view.ipvs.services.length > 0 ? [view.host] : []))
  const [host, choose] = useHostChoice(directors)
  const service = host === undefined ? undefined : now[host]?.ipvs.services[0]
  if (host === undefined || service === undefined) return <span className="muted">{ui.knobs.none}</span>
  const names = SCHEDULERS.includes(service.scheduler) ? SCHEDULERS : [service.scheduler, ...SCHEDULERS]
  return (
    <>
      <HostChoice label={ui.knobs.director} hosts={directors} chosen={host} onChoose={choose} />
      <Select
        label={ui.knobs.names.scheduler}
        value={service.scheduler}
        options={names.map((value) => ({ value, label: value }))}
        onChoose={(name) => ready && type(host, schedulerCommand(service, name))}
      />
      <KnobCommand line={schedulerCommand(service, service.scheduler)} />
    </>
  )
}
