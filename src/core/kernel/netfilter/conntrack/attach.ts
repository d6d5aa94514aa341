import type { Skb } from '../../skb.ts'
import { ORIGINAL, REPLY, type SkbCt } from './types.ts'

/**
 * An error that this host sends about a packet belongs to that packet's connection, in the other direction
 * (nf_conntrack_attach). So NAT sees it, and drops redirects about translated connections (golden N1, FULLNAT).
 */
export function attachedCt(about: Skb): SkbCt | undefined {
  const { ct } = about
  if (!ct?.entry) return undefined
  return { entry: ct.entry, info: 'RELATED', dir: ct.dir === ORIGINAL ? REPLY : ORIGINAL }
}
