import type { HostView } from '../../engine/engine.ts'
import { IpAddress } from '../parts/address.tsx'
import { useWords } from '../session/context.tsx'
import { Section } from './section.tsx'

const MAX_ROWS = 20

/** `ipvsadm -Ln` and `ipvsadm -Lnc`. */
export function IpvsTables({ view }: { view: HostView }) {
  const { ui } = useWords()
  const { server, client, state } = ui.inspector.columns
  const services = view.ipvs.services.flatMap((service) => [
    <tr key={`${service.vip}:${service.port}`}>
      <td>
        <IpAddress ip={service.vip} port={service.port} /> <span className="mono">{service.scheduler}</span>
      </td>
    </tr>,
    ...service.dests.map((dest) => (
      <tr key={`${service.vip}:${service.port} ${dest.ip}:${dest.port}`}>
        <td className="under">
          → <IpAddress ip={dest.ip} port={dest.port} />{' '}
          <span className="mono">{dest.mode.toUpperCase()}</span>
          <div className="small">{ui.inspector.dest(dest.weight, dest.activeConns, dest.inactConns)}</div>
        </td>
      </tr>
    )),
  ])
  const conns = view.ipvs.conns.slice(-MAX_ROWS).map((conn) => (
    <tr key={`${conn.cip}:${conn.cport} ${conn.vport}`}>
      <td>
        <div>
          <IpAddress ip={conn.cip} port={conn.cport} />
        </div>
        <IpAddress ip={conn.dip} port={conn.dport} />
      </td>
      <td className="mono top">{conn.state}</td>
    </tr>
  ))
  const more = view.ipvs.conns.length - conns.length
  return (
    <>
      <Section title={ui.inspector.ipvs} command="ipvsadm -Ln" columns={[server]} rows={services} />
      <Section
        title={ui.inspector.conns}
        command="ipvsadm -Lnc"
        columns={[`${client}, ${server}`, state]}
        rows={conns}
        {...(more > 0 && { note: ui.inspector.more(more) })}
      />
    </>
  )
}
