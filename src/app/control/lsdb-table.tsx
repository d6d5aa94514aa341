import { formatIp4, type Ip4 } from '../../core/base/ids.ts'
import { prefixOfMask } from '../../core/base/cidr.ts'
import type { Ui } from '../../i18n/words.ts'
import type { Owners } from '../model/owners.ts'
import { useScene, useWords } from '../session/context.tsx'
import type { OspfView } from './daemons.ts'
import { lsaNumber, nameOf } from './says.ts'

type Lsa = OspfView['areas'][number]['lsdb'][number]

/** A link state database: whose word it is, which version, how old, and what it says. */
export function LsdbTable({ lsdb }: { lsdb: readonly Lsa[] }) {
  const { ui } = useWords()
  const { owners } = useScene()
  const say = ui.control.ospf
  return (
    <table className="plain lsdb">
      <thead>
        <tr>
          <th scope="col">{say.columns.lsa}</th>
          <th scope="col" className="number">
            {say.columns.seq}
          </th>
          <th scope="col" className="number">
            {say.columns.age}
          </th>
          <th scope="col">{say.columns.links}</th>
        </tr>
      </thead>
      <tbody>
        {lsdb.map((lsa) => (
          <tr key={`${lsa.type}/${lsa.id}/${lsa.adv}`}>
            <td className="top">{titleOf(lsa, owners, ui)}</td>
            <td className="number top" title={`0x${(lsa.seq >>> 0).toString(16)}`}>
              {lsaNumber(lsa.seq)}
            </td>
            <td className="number top">{say.seconds(lsa.age)}</td>
            <td className="small">{partsOf(lsa, owners, ui).join(' · ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function titleOf(lsa: Lsa, owners: Owners, ui: Ui): string {
  const say = ui.control.ospf
  const name = lsa.type === 1 ? nameOf(lsa.adv, owners) : formatIp4(lsa.id)
  const type = lsa.type === 1 ? say.routerLsa : lsa.type === 2 ? say.networkLsa : String(lsa.type)
  return `${type} ${name}${lsa.self ? ` (${say.own})` : ''}`
}

function partsOf(lsa: Lsa, owners: Owners, ui: Ui): string[] {
  const say = ui.control.ospf
  if (lsa.type === 2) return lsa.routers.map((id) => nameOf(id, owners))
  return lsa.links.map(({ kind, id, data, metric }) => {
    const cost = `${say.cost} ${metric}`
    if (kind === 'stub') return `${say.stub(`${address(id, owners)}/${prefixOfMask(data) ?? 0}`)} ${cost}`
    if (kind === 'transit') return `${say.transit(formatIp4(id))} ${cost}`
    return `${say.p2p(nameOf(id, owners))} ${cost}`
  })
}

function address(ip: Ip4, owners: Owners): string {
  return owners.ofIp(ip) === 'V' ? 'V' : formatIp4(ip)
}
