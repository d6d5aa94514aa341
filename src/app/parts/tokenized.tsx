import { parseIp4, parseMac } from '../../core/base/ids.ts'
import { useScene } from '../session/context.tsx'
import { Address } from './address.tsx'

const TOKENS = /(\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[0-9a-f]{2}(?::[0-9a-f]{2}){5}\b)/i

/** Plain text, as a program printed it, in which the addresses of this lab show their owners. */
export function Tokenized({ text }: { text: string }) {
  const { owners } = useScene()
  return text.split(TOKENS).map((piece, i) => {
    if (i % 2 === 0) return piece
    const ip = parseIp4(piece)
    const mac = ip === undefined ? parseMac(piece) : undefined
    const code = ip !== undefined ? owners.ofIp(ip) : mac !== undefined ? owners.ofMac(mac) : ''
    return code === '' || code === 'X' ? piece : <Address key={i} text={piece} code={code} />
  })
}
