import { formatIp4, formatMac, type HostId, type Ip4, type Mac } from '../../core/base/ids.ts'
import type { OwnerCode } from '../../view/hues.ts'
import { useScene } from '../session/context.tsx'
import { hueStyle, Plate } from './plate.tsx'

/** An address: ink text, its owner's underline, the owner's plate behind. Copying yields the text alone. */
export function Address({ text, code, struck = false }: { text: string; code: OwnerCode; struck?: boolean }) {
  if (code === '') return <span className="mono">{text}</span>
  return (
    <span className={struck ? 'addr struck' : 'addr'} style={hueStyle(code)}>
      <span className="addr-text">{text}</span>
      <Plate code={code} />
    </span>
  )
}

export function IpAddress({ ip, port }: { ip: Ip4; port?: number | undefined }) {
  const { owners } = useScene()
  return (
    <>
      <Address text={formatIp4(ip)} code={owners.ofIp(ip)} />
      {port === undefined ? null : <span className="mono">:{port}</span>}
    </>
  )
}

/** `short` shows the last three bytes, as on flags. */
export function MacAddress({ mac, short = false }: { mac: Mac; short?: boolean }) {
  const { owners } = useScene()
  const text = formatMac(mac)
  return <Address text={short ? text.slice(-8) : text} code={owners.ofMac(mac)} />
}

export function HostName({ host }: { host: HostId }) {
  const { owners } = useScene()
  return (
    <span className="hostname">
      <Plate code={owners.codeOf(host)} /> {host}
    </span>
  )
}
