import type { HostView } from '../../engine/engine.ts'
import { IpAddress } from '../parts/address.tsx'
import { useWords } from '../session/context.tsx'
import { Section } from './section.tsx'

const MAX_ROWS = 20

/** `ipvsadm -Ln` and `ipvsadm -Lnc`. */
export function IpvsTables({ view }: { view: HostView }) {
  const { ui } = useWords()
  const { server, weight, active, inactive, client, state } = ui.inspector.columns
  const services = view.ipvs.services.flatMap((service) => [
    <tr key={`${service.vip}:${service.port}`} className="group">
      <td colSpan={4}>
        <IpAddress ip={service.vip} port={service.port} /> <span className="mono">{service.scheduler}</span>
      </td>
    </tr>,
    ...service.dests.map((dest) => (
      <tr key={`${service.vip}:${service.port} ${dest.ip}:${dest.port}`}>
        <td>
          <IpAddress ip={dest.ip} port={dest.port} />
        </td>
        <td className="number">{dest.weight}</td>
        <td className="number">{dest.activeConns}</td>
        <td className="number">{dest.inactConns}</td>
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
      <Section
        title={ui.inspector.ipvs}
        command="ipvsadm -Ln"
        columns={[server, { number: weight }, { number: active }, { number: inactive }]}
        rows={services}
      />
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
