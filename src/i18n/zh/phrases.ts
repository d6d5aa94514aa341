import type { NetlinkOp } from '../../core/kernel/netlink.ts'
import type { LinkFaults, NeighWhy } from '../../core/kernel/note.ts'
import { ip, mac, mono, type Part, say } from '../parts.ts'

export const WHY_NEIGH: Record<NeighWhy, string> = {
  create: '新建表项',
  'arp.reply': '收到 ARP 应答',
  'arp.request': '取自 ARP 请求的发送方',
  gratuitous: '免费 ARP',
  confirmed: 'TCP 确认可达',
  timeout: '一段时间没有确认',
  used: '过期后又被使用',
  failed: '没有主机回答',
  admin: '由命令设置',
}

/** fib_multipath_hash_policy 的各个值取哪些字段（在 Linux 上实测）。 */
export function policyFields(policy: number): string {
  if (policy === 0) return '源地址和目的地址'
  if (policy === 1) return '地址、端口和协议'
  if (policy === 2) return '地址（有内层包时取内层）'
  return ' fib_multipath_hash_fields 选定的字段'
}

export function icmpName(type: number, code: number): string {
  if (type === 0) return '回显应答'
  if (type === 8) return '回显请求'
  if (type === 5) return '重定向'
  if (type === 11) return '超时'
  if (type === 3)
    return ['网络不可达', '主机不可达', '协议不可达', '端口不可达', '需要分片'][code] ?? '不可达'
  return `类型 ${type} 代码 ${code}`
}

/** 一次配置改动；没有专门说法的，按操作名写出。 */
export function configWords(op: NetlinkOp): Part[] {
  switch (op.op) {
    case 'sysctl':
      return say`${mono(op.key)} = ${mono(op.value)}`
    case 'link.set':
      return say`${mono(op.dev)} ${op.up === undefined ? '' : op.up ? '启用' : '停用'}${op.mtu === undefined ? '' : `，MTU ${op.mtu}`}`
    case 'addr.add':
      return say`${ip(op.ip)} 加到 ${mono(op.label)}`
    case 'addr.del':
      return say`${ip(op.ip)} 从 ${mono(op.dev)} 删除`
    case 'route.add':
    case 'route.append':
    case 'route.replace':
      return say`设置到 ${ip(op.dst)}/${op.prefix} 的路由，下一跳 ${op.nexthops.length} 个`
    case 'route.del':
      return say`删除到 ${ip(op.dst)}/${op.prefix} 的路由`
    case 'neigh.set':
      return say`邻居 ${ip(op.ip)} 设为 ${mac(op.mac)}，${op.state}`
    case 'neigh.del':
      return say`删除邻居 ${ip(op.ip)}`
    case 'neigh.flush':
      return say`清空邻居表`
    case 'neigh.proxy':
      return op.on
        ? say`在 ${mono(op.dev)} 上代答对 ${ip(op.ip)} 的询问`
        : say`不再在 ${mono(op.dev)} 上代答对 ${ip(op.ip)} 的询问`
    case 'ipvs.service.add':
    case 'ipvs.service.edit':
      return say`IPVS 服务 ${ip(op.vip, op.port)}，调度算法 ${mono(op.scheduler)}`
    case 'ipvs.service.del':
      return say`删除 IPVS 服务 ${ip(op.vip, op.port)}`
    case 'ipvs.dest.add':
    case 'ipvs.dest.edit':
      return say`IPVS：${ip(op.vip, op.port)} 可送往 ${ip(op.ip, op.dport)}，${mono(op.mode)}，权重 ${op.weight}`
    case 'ipvs.dest.del':
      return say`IPVS：${ip(op.ip, op.dport)} 不再承担 ${ip(op.vip, op.port)}`
    case 'ipvs.laddr.add':
      return say`FULLNAT：${ip(op.lip)} 作为 ${ip(op.vip, op.port)} 的本地地址`
    case 'ipvs.laddr.del':
      return say`FULLNAT：${ip(op.lip)} 不再是 ${ip(op.vip, op.port)} 的本地地址`
    case 'ipvs.zero':
      return say`IPVS 的计数器归零`
    case 'ipvs.timeouts':
      return say`IPVS 超时：TCP ${op.tcp} 秒，FIN 之后 ${op.tcpfin} 秒，UDP ${op.udp} 秒（0 表示不变）`
    case 'ipvs.daemon.start':
      return say`连接同步以 ${mono(op.state)} 身份在 ${mono(op.dev)} 上启动`
    case 'ipvs.daemon.stop':
      return say`停止身份为 ${mono(op.state)} 的连接同步`
    case 'ipvs.clear':
      return say`删除全部 IPVS 服务`
    case 'file.write':
      return say`写入文件 ${mono(op.path)}`
    case 'file.remove':
      return say`删除文件 ${mono(op.path)}`
    case 'journal':
      return say`${mono(op.ident)} 写入日志：${mono(op.text)}`
    default:
      return ipWords(op)
  }
}

type IpOp = Extract<
  NetlinkOp,
  {
    op:
      | 'route.flush-cache'
      | 'rule.add'
      | 'rule.del'
      | 'rule.flush'
      | 'nexthop.add'
      | 'nexthop.replace'
      | 'nexthop.del'
      | 'arp.send'
      | 'tunnel.add'
      | 'tunnel.change'
      | 'link.del'
      | 'module.load'
      | 'module.unload'
  }
>

/** 策略路由、下一跳对象、隧道等属于 IP 的部分。 */
function ipWords(op: IpOp | NfOp): Part[] {
  switch (op.op) {
    case 'route.flush-cache':
      return say`清空路由缓存`
    case 'rule.add':
      return say`增加策略路由规则：${mono(op.rule.action === 'lookup' ? `lookup ${op.rule.table}` : op.rule.action)}`
    case 'rule.del':
      return say`删除一条策略路由规则`
    case 'rule.flush':
      return say`删除第一条以外的全部策略路由规则`
    case 'nexthop.add':
    case 'nexthop.replace':
      return op.group.length > 0
        ? say`下一跳组 ${op.id}：${op.group.length} 个成员`
        : say`设置下一跳对象 ${op.id}`
    case 'nexthop.del':
      return say`删除下一跳对象 ${op.id}`
    case 'arp.send':
      return op.kind === 'request' ? say`询问谁有 ${ip(op.ip)}` : say`通告 ${ip(op.ip)}`
    case 'tunnel.add':
    case 'tunnel.change':
      return say`隧道 ${mono(op.dev)}：${ip(op.local)} → ${ip(op.remote)}`
    case 'link.del':
      return say`删除 ${mono(op.dev)}`
    case 'module.load':
      return say`加载内核模块 ${mono(op.name)}`
    case 'module.unload':
      return say`卸载内核模块 ${mono(op.name)}`
    default:
      return nfWords(op)
  }
}

export const HOST_STATE: Record<'frozen' | 'thawed' | 'off' | 'on', string> = {
  frozen: '停住了',
  thawed: '恢复运行',
  off: '断电了',
  on: '开机了',
}

/** `丢包 10%, delay 5 ms`; nothing set = no faults. */
export function faultWords(f: LinkFaults): string {
  const words = [
    f.lossPercent > 0 && `丢包 ${f.lossPercent}%`,
    f.duplicatePercent > 0 && `重复 ${f.duplicatePercent}%`,
    f.corruptPercent > 0 && `损坏 ${f.corruptPercent}%`,
    f.reorderPercent > 0 && `乱序 ${f.reorderPercent}%`,
    f.delayNs > 0 && `延迟 ${f.delayNs / 1e6} 毫秒`,
    f.jitterNs > 0 && `抖动 ${f.jitterNs / 1e6} 毫秒`,
  ].filter((word) => word !== false)
  return words.length === 0 ? '没有故障' : words.join('，')
}

type NfOp = Extract<NetlinkOp, { op: `nf.${string}` | `ct.${string}` }>

/** 过滤表与连接跟踪。 */
function nfWords(op: NfOp): Part[] {
  switch (op.op) {
    case 'nf.rule.add':
      return say`在 ${mono(`${op.table}/${op.chain}`)} 中增加一条规则`
    case 'nf.rule.replace':
      return say`替换 ${mono(`${op.table}/${op.chain}`)} 的第 ${op.at} 条规则`
    case 'nf.rule.del':
      return say`删除 ${mono(`${op.table}/${op.chain}`)} 的第 ${op.at} 条规则`
    case 'nf.chain.add':
      return say`新建链 ${mono(`${op.table}/${op.chain}`)}`
    case 'nf.chain.del':
      return say`删除链 ${mono(`${op.table}/${op.chain}`)}`
    case 'nf.chain.rename':
      return say`链 ${mono(`${op.table}/${op.chain}`)} 改名为 ${mono(op.to)}`
    case 'nf.policy':
      return say`${mono(`${op.table}/${op.chain}`)} 的默认策略设为 ${mono(op.policy)}`
    case 'nf.flush':
      return say`清空 ${mono(op.chain === '' ? op.table : `${op.table}/${op.chain}`)} 的全部规则`
    case 'nf.zero':
      return say`${mono(op.chain === '' ? op.table : `${op.table}/${op.chain}`)} 的计数器清零`
    case 'nf.table.del':
      return say`删除表 ${mono(op.table)}`
    case 'ct.flush':
      return say`清空连接跟踪表`
    case 'ct.del':
      return say`删除连接跟踪项 ${ip(op.tuple.src, op.tuple.sport)} → ${ip(op.tuple.dst, op.tuple.dport)}`
  }
}
