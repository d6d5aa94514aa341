import type { NetlinkOp } from '../../core/kernel/netlink.ts'
import type { NeighWhy } from '../../core/kernel/note.ts'
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
    case 'ipvs.clear':
      return say`删除全部 IPVS 服务`
    case 'file.write':
      return say`写入文件 ${mono(op.path)}`
  }
}
