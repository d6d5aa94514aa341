import type { Part, Sentence as Words } from '../../i18n/parts.ts'
import { HostName, IpAddress, MacAddress } from './address.tsx'

/** A sentence whose addresses keep their owners' colours. */
export function Sentence({ parts }: { parts: Words }) {
  return parts.map((part, i) => <PartOf key={i} part={part} />)
}

function PartOf({ part }: { part: Part }) {
  if (typeof part === 'string') return part
  switch (part.t) {
    case 'ip':
      return <IpAddress ip={part.ip} port={part.port} />
    case 'mac':
      return <MacAddress mac={part.mac} />
    case 'host':
      return <HostName host={part.host} />
    case 'mono':
      return <code>{part.text}</code>
  }
}
