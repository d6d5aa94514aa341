import { useState } from 'react'
import { inEffect, mainDev } from '../model/cards.ts'
import { type ArpName, arpCommand, hostsOfRole } from '../model/knob-commands.ts'
import { Segmented } from '../parts/segmented.tsx'
import { useWords } from '../session/context.tsx'
import { KnobCommand } from './knob-command.tsx'
import { HostChoice } from './host-choice.tsx'
import { useHostChoice } from './use-host-choice.ts'
import { useKnob } from './use-knob.ts'

const VALUES: Record<ArpName, readonly number[]> = { arp_ignore: [0, 1, 2, 8], arp_announce: [0, 1, 2] }

/** arp_ignore or arp_announce of a server, at one of its places; and what is in effect on the LAN. */
export function ArpKnob({ name }: { name: ArpName }) {
  const { ui } = useWords()
  const { now, ready, type } = useKnob()
  const servers = hostsOfRole(now, 'server')
  const [place, setPlace] = useState('lo')
  const [host, choose] = useHostChoice(servers)
  const view = host === undefined ? undefined : now[host]
  if (host === undefined || view === undefined) return <span className="muted">{ui.knobs.none}</span>
  const dev = mainDev(view)
  const places = ['all', dev, 'lo']
  const value = view.conf[place]?.[name] ?? 0
  const [all, own] = [view.conf['all']?.[name] ?? 0, view.conf[dev]?.[name] ?? 0]
  return (
    <>
      <HostChoice label={ui.knobs.server} hosts={servers} chosen={host} onChoose={choose} />
      <Segmented
        label={`${name}: ${ui.knobs.value}`}
        value={value}
        disabled={!ready}
        segments={VALUES[name].map((one) => ({ value: one, label: one }))}
        onChoose={(one) => type(host, arpCommand(name, place, one))}
      />
      <Segmented
        label={ui.knobs.place}
        value={place}
        segments={places.map((one) => ({ value: one, label: one }))}
        onChoose={setPlace}
      />
      <KnobCommand line={arpCommand(name, place, value)}>
        {`${ui.knobs.effect}: max(${all}, ${own}) = ${inEffect(view, dev, name)}`}
      </KnobCommand>
    </>
  )
}
