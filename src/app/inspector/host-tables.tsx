import type { ReactNode } from 'react'
import { formatIp4 } from '../../core/base/ids.ts'
import type { HostView } from '../../engine/engine.ts'
import { DaemonSections } from '../control/host-sections.tsx'
import { inEffect, mainDev } from '../model/cards.ts'
import { IpAddress, MacAddress } from '../parts/address.tsx'
import { useWords } from '../session/context.tsx'
import { IpvsTables } from './ipvs-tables.tsx'
import { Section } from './section.tsx'

type Route = HostView['routes'][number]

/** Rows of a table that grows with the run; the command shows them all. */
const MAX_ROWS = 20

/** What `ip`, `sysctl`, `ss`, `ps` and `ipvsadm` would show, one table each. */
export function HostTables({ view }: { view: HostView }) {
  return (
    <>
      <Addresses view={view} />
      <Neighbours view={view} />
      <Routes view={view} />
      <DaemonSections view={view} />
      <ArpSettings view={view} />
      {view.role === 'lb' ? <IpvsTables view={view} /> : null}
      <Sockets view={view} />
      <Programs view={view} />
      <Hooks view={view} />
      <Files view={view} />
    </>
  )
}

function Addresses({ view }: { view: HostView }) {
  const { ui } = useWords()
  const { dev, address } = ui.inspector.columns
  const rows = view.devs.flatMap((one) =>
    one.addrs.map((addr) => (
      <tr key={`${one.name} ${addr.ip} ${addr.label}`}>
        <td>{addr.label}</td>
        <td>
          <IpAddress ip={addr.ip} />
          <span className="mono muted">/{addr.prefix}</span>
        </td>
      </tr>
    )),
  )
  return <Section title={ui.inspector.addresses} command="ip addr" columns={[dev, address]} rows={rows} />
}

function Neighbours({ view }: { view: HostView }) {
  const { ui } = useWords()
  const { address, mac, state } = ui.inspector.columns
  const rows = view.neigh.map((entry) => (
    <tr key={`${entry.dev} ${entry.ip}`}>
      <td>
        <div>
          <IpAddress ip={entry.ip} />
        </div>
        {entry.mac === 0 ? null : <MacAddress mac={entry.mac} />}
      </td>
      <td className="mono top">
        {entry.state}
        {entry.waiting > 0 ? <div className="muted">{ui.inspector.waiting(entry.waiting)}</div> : null}
      </td>
    </tr>
  ))
  return (
    <Section
      title={ui.inspector.neigh}
      command="ip neigh"
      columns={[`${address}, ${mac}`, state]}
      rows={rows}
    />
  )
}

/** Sources of routes worth naming: programs that learn them. */
const LEARNT: ReadonlySet<string> = new Set(['ospf', 'static', 'zebra'])

function Routes({ view }: { view: HostView }) {
  const { ui } = useWords()
  const { to, via } = ui.inspector.columns
  const policy = view.sysctl['net.ipv4.fib_multipath_hash_policy']
  const many = view.routes.some((route) => route.nexthops.length > 1)
  const rows = view.routes.map((route, i) => (
    <tr key={i}>
      <td className="top">
        {destination(route)}
        {LEARNT.has(route.proto) ? (
          <div className="small">{ui.control.host.origin(`${route.proto}, metric ${route.metric}`)}</div>
        ) : null}
      </td>
      <td>
        {route.nexthops.map((hop) => (
          <div key={`${hop.gateway} ${hop.dev}`}>
            {hop.gateway === 0 ? null : <IpAddress ip={hop.gateway} />}{' '}
            <span className="muted">{hop.dev}</span>
          </div>
        ))}
      </td>
    </tr>
  ))
  const note = many && policy !== undefined ? { note: ui.stage.policy(Number(policy)) } : {}
  return <Section title={ui.inspector.routes} command="ip route" columns={[to, via]} rows={rows} {...note} />
}

function destination(route: Route): ReactNode {
  if (route.prefix === 0) return <span className="mono">default</span>
  if (route.prefix === 32) return <IpAddress ip={route.dst} />
  return <span className="mono">{`${formatIp4(route.dst)}/${route.prefix}`}</span>
}

function ArpSettings({ view }: { view: HostView }) {
  const { ui } = useWords()
  const dev = mainDev(view)
  const places = ['all', dev, 'lo']
  const rows = (['arp_ignore', 'arp_announce'] as const).map((name) => (
    <tr key={name}>
      <td className="mono">{name}</td>
      {places.map((place) => (
        <td key={place} className="number">
          {view.conf[place]?.[name] ?? 0}
        </td>
      ))}
      <td className="number strong">{inEffect(view, dev, name)}</td>
    </tr>
  ))
  const { parameter, effect } = ui.inspector.columns
  return (
    <Section
      title={ui.inspector.arp}
      command="sysctl"
      columns={[parameter, ...places.map((number) => ({ number })), { number: effect }]}
      rows={rows}
      note={ui.inspector.arpText}
    />
  )
}

function Sockets({ view }: { view: HostView }) {
  const { ui } = useWords()
  const { state, local, peer } = ui.inspector.columns
  const rows = view.sockets.slice(-MAX_ROWS).map((socket, i) => (
    <tr key={i}>
      <td className="mono top">{socket.state}</td>
      <td>
        <div>
          <IpAddress ip={socket.laddr} port={socket.lport} />
        </div>
        {socket.raddr === 0 ? null : <IpAddress ip={socket.raddr} port={socket.rport} />}
      </td>
    </tr>
  ))
  const more = view.sockets.length - rows.length
  return (
    <Section
      title={ui.inspector.sockets}
      command="ss -tan"
      columns={[state, `${local}, ${peer}`]}
      rows={rows}
      {...(more > 0 && { note: ui.inspector.more(more) })}
    />
  )
}

function Programs({ view }: { view: HostView }) {
  const { ui } = useWords()
  const { pid, command } = ui.inspector.columns
  const rows = view.procs.map((proc) => (
    <tr key={proc.pid}>
      <td className="number">{proc.pid}</td>
      <td className="mono">{proc.argv.join(' ')}</td>
    </tr>
  ))
  return <Section title={ui.inspector.procs} command="ps" columns={[{ number: pid }, command]} rows={rows} />
}

function Hooks({ view }: { view: HostView }) {
  const { ui } = useWords()
  const { hook, priority, name } = ui.inspector.columns
  const rows = view.hooks.map((one) => (
    <tr key={`${one.point} ${one.priority} ${one.name}`}>
      <td className="mono">{one.point}</td>
      <td className="number">{one.priority}</td>
      <td className="mono">{one.name}</td>
    </tr>
  ))
  return (
    <Section
      title={ui.inspector.hooks}
      command="nft list hooks"
      columns={[hook, { number: priority }, name]}
      rows={rows}
    />
  )
}

function Files({ view }: { view: HostView }) {
  const { ui } = useWords()
  const files = Object.entries(view.files)
  if (files.length === 0) return null
  return (
    <section className="host-table">
      <h3>{ui.inspector.files}</h3>
      {files.map(([path, text]) => (
        <details key={path}>
          <summary className="mono">{path}</summary>
          <pre tabIndex={0}>{text}</pre>
        </details>
      ))}
    </section>
  )
}
