import type { Command } from '../sys.ts'
import { notModelled, refuse, tell } from './words.ts'

/**
 * nft. Rules here are those of iptables (its legacy tables), which nft does not see: its own rule set is empty. The kernel
 * says nothing about hooks (CONFIG_NETFILTER_NETLINK_HOOK is off); the stage shows them.
 */
export const nft: Command = {
  name: 'nft',
  summary: 'rules of nftables (there are none; see iptables)',
  run: (args, io) => {
    const [verb, what = ''] = args.filter((arg) => !/^-[anjsyScetNp]+$/.test(arg))
    if (args.includes('-v') || args.includes('--version')) {
      io.out('nftables v1.0.6 (Lester Gooch #5)\n')
      return 0
    }
    if (verb === undefined) return tell(io, refuse('nft: no command specified', 1))
    if (verb !== 'list') return tell(io, notModelled(`\`nft ${verb}'`))
    if (['ruleset', 'tables', 'hooks', 'chains', 'sets', 'maps'].includes(what)) return 0
    return tell(
      io,
      what === 'table' || what === 'chain'
        ? refuse('Error: No such file or directory', 1)
        : notModelled(`\`nft list ${what}'`),
    )
  },
}
