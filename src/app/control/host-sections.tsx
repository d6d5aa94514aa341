import { formatIp4 } from '../../core/base/ids.ts'
import type { HostView } from '../../engine/engine.ts'
import { Section } from '../inspector/section.tsx'
import { secondsText } from '../model/time.ts'
import { IpAddress } from '../parts/address.tsx'
import { useWords } from '../session/context.tsx'
import { daemonOf } from './daemons.ts'

/** Rows of the journal shown. */
const MAX_LINES = 12

/** What daemons of a host know; nothing on a host without any. */
export function DaemonSections({ view }: { view: HostView }) {
  return (
    <>
      <OspfSections view={view} />
      <Health view={view} />
      <Vrrp view={view} />
      <Units view={view} />
      <Journal view={view} />
    </>
  )
}

function OspfSections({ view }: { view: HostView }) {
  const { ui } = useWords()
  const ospf = daemonOf(view, 'ospf')
  if (ospf === undefined) return null
  const { columns, neighbours, interfaces } = ui.control.host
  const rows = ospf.neighbors.map((one) => (
    <tr key={`${one.dev} ${one.ip}`}>
      <td>
        <IpAddress ip={one.ip} /> <span className="muted">{one.dev}</span>
      </td>
      <td className="mono">{`${one.state}/${one.role}`}</td>
    </tr>
  ))
  const own = ospf.interfaces.map((one) => (
    <tr key={`${one.dev} ${one.ip}`}>
      <td className="mono">{one.dev}</td>
      <td className="mono">{one.state}</td>
      <td className="number">{one.cost}</td>
    </tr>
  ))
  return (
    <>
      <Section
        title={neighbours}
        command="show ip ospf neighbor"
        columns={[columns.router, columns.state]}
        rows={rows}
      />
      <Section
        title={interfaces}
        command="show ip ospf interface"
        columns={[columns.iface, columns.state, { number: columns.cost }]}
        rows={own}
      />
    </>
  )
}

function Health({ view }: { view: HostView }) {
  const { ui } = useWords()
  const health = daemonOf(view, 'health')
  if (health === undefined) return null
  const say = ui.control.host
  const rows = health.services.flatMap((service, i) => [
    <tr key={`s${i}`}>
      <td>
        <IpAddress ip={service.vip} port={service.port} />
      </td>
      <td>{say.quorum(service.quorumUp)}</td>
    </tr>,
    ...service.servers.map((server) => {
      const tries = Math.max(0, ...server.checks.map(({ failedTries }) => failedTries))
      const state = [
        server.alive ? say.up : say.dead,
        ...(server.checking ? [say.checking] : []),
        ...(tries > 0 ? [say.failed(tries)] : []),
      ]
      return (
        <tr key={`${i} ${server.ip}:${server.port}`}>
          <td className="under">
            → <IpAddress ip={server.ip} port={server.port} />
            <div className="small">
              {[...server.checks.map(({ kind }) => kind), say.weight(server.weight)].join(', ')}
            </div>
          </td>
          <td className="top">{state.join(', ')}</td>
        </tr>
      )
    }),
  ])
  return (
    <Section
      title={say.health}
      command="keepalived"
      columns={[say.columns.server, say.columns.state]}
      rows={rows}
    />
  )
}

function Vrrp({ view }: { view: HostView }) {
  const { ui } = useWords()
  const vrrp = daemonOf(view, 'vrrp')
  if (vrrp === undefined) return null
  const say = ui.control.host
  const rows = vrrp.instances.map((one) => (
    <tr key={one.name}>
      <td>
        {one.name} <span className="muted">{`${one.dev}, ${one.vrid}`}</span>
        <div className="small">
          {one.vips.map(formatIp4).join(', ')}, {say.priority(one.priority)}
        </div>
      </td>
      <td className="mono top">{one.state}</td>
    </tr>
  ))
  return (
    <Section
      title={say.vrrp}
      command="keepalived"
      columns={[say.columns.instance, say.columns.state]}
      rows={rows}
    />
  )
}

function Units({ view }: { view: HostView }) {
  const { ui } = useWords()
  const units = Object.entries(view.units)
  if (units.length === 0) return null
  const { columns, units: title } = ui.control.host
  const rows = units.map(([name, state]) => (
    <tr key={name}>
      <td className="mono">{name}</td>
      <td className="mono">{state}</td>
    </tr>
  ))
  return <Section title={title} command="systemctl" columns={[columns.unit, columns.state]} rows={rows} />
}

function Journal({ view }: { view: HostView }) {
  const { ui } = useWords()
  if (view.journal.length === 0) return null
  return (
    <section className="host-table">
      <h3>
        {ui.control.host.journal} <code>journalctl -e</code>
      </h3>
      <ol className="journal mono" tabIndex={0}>
        {view.journal.slice(-MAX_LINES).map(({ at, ident, pid, text }, i) => (
          <li key={i}>
            <span className="muted">{secondsText(at)}</span> {`${ident}[${pid}]: ${text}`}
          </li>
        ))}
      </ol>
    </section>
  )
}
