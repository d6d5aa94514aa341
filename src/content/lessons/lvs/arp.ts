import type { Command, Lesson, RunFacts } from '../../lesson.ts'
import { answerers, asked, curl, l, noted, on } from '../readings.ts'

const VIP = '172.16.253.100'
const LB1_MAC = '00:0c:29:31:01:31'
const flush = (...hosts: string[]): Command[] => hosts.flatMap((host) => on(host, 'ip neigh flush dev ens33'))
const both = (line: string): Command[] => [...on('server1', line), ...on('server2', line)]

/** Only the load balancer answered for the VIP; undefined: nobody was asked. */
function onlyLb(facts: RunFacts): boolean | undefined {
  const hosts = answerers(facts, VIP)
  return hosts.length === 0 ? undefined : hosts.every((host) => host === 'LB1')
}

export const arp: Lesson = {
  id: 'lvs/arp',
  title: l('The ARP problem', 'ARP 问题'),
  chapter: { number: 4, title: l('LVS', 'LVS') },
  lab: 'outside',
  summary: l(
    'Three hosts own one address on one link. Two settings keep two of them quiet, if they are put in the right place.',
    '一条链路上，三台主机拥有同一个地址。两项设置能让其中两台不出声，前提是放对地方。',
  ),
  setup: [
    ...on('LB2', `ip addr del ${VIP}/32 dev lo`),
    ...on('router', `ip route del ${VIP}/32`),
    ...['server1', 'server2'].flatMap((host) =>
      on(
        host,
        'sysctl -w net.ipv4.conf.all.arp_ignore=0',
        'sysctl -w net.ipv4.conf.all.arp_announce=0',
        'sysctl -w net.ipv4.conf.lo.arp_ignore=1',
        'sysctl -w net.ipv4.conf.lo.arp_announce=2',
      ),
    ),
  ],
  steps: [
    {
      id: 'who-has',
      title: l('Who has the VIP?', '谁有 VIP？'),
      text: l(
        'In this lab {R} has no OSPF route to the VIP. It is in its own subnet, so {R} asks the LAN by {term:arp}: who has {ip:172.16.253.100}?\n\n{L1}, {S1} and {S2} have it on `lo`. On both servers the course’s lines were typed: `net.ipv4.conf.lo.arp_ignore=1`, `net.ipv4.conf.lo.arp_announce=2`.',
        '这个实验里，{R} 没有到 VIP 的 OSPF 路由。VIP 就在它自己的子网里，于是 {R} 用 {term:arp} 问局域网：谁有 {ip:172.16.253.100}？\n\n{L1}、{S1}、{S2} 的 `lo` 上都有它。两台服务器都输入过课程里的命令：`net.ipv4.conf.lo.arp_ignore=1`、`net.ipv4.conf.lo.arp_announce=2`。',
      ),
      knobs: ['send', 'arp_ignore'],
      ask: {
        text: l('Who answers?', '谁会应答？'),
        choices: [
          {
            id: 'lb',
            text: l('Only {L1}: the servers were told to be quiet', '只有 {L1}：服务器已经设好不出声'),
            misconception: 'lo-setting-is-enough',
            answer: l(
              'They were told, but in a place that is not looked at. This slip is in many guides, and it is easy to make.',
              '设是设了，却设在不算数的地方。很多教程都有这个疏漏，太容易犯了。',
            ),
          },
          {
            id: 'several',
            text: l('{L1} and the servers', '{L1} 和两台服务器都会'),
            answer: l('Right: three answers to one question.', '对：一个问题，三个回答。'),
          },
          {
            id: 'none',
            text: l('Nobody: the address is on `lo`', '谁也不答：地址在 `lo` 上'),
            misconception: 'lo-is-not-announced',
            answer: l(
              'By default Linux answers for any of its addresses, on whatever interface it is asked.',
              'Linux 默认替自己的任何地址应答，不管从哪个接口问来。',
            ),
          },
        ],
        right: (facts) => {
          const only = onlyLb(facts)
          return asked(facts) === 0 ? undefined : only === undefined ? 'none' : only ? 'lb' : 'several'
        },
        evidence: { on: 'arp.reply', where: { owner: 'lo' } },
        because: l(
          'The kernel takes the larger of `conf.all` and `conf.` of the interface **that was asked**, ens33. Both are 0; `lo` is not the one that was asked.',
          '内核取 `conf.all` 与**被问的那个接口**（ens33）的 `conf.` 中较大的值。两个都是 0；而被问的不是 `lo`。',
        ),
      },
      run: curl('client'),
      focus: { host: 'router', inspector: 'why', dock: 'packets' },
    },
    {
      id: 'first-wins',
      title: l('Three answers, one entry', '三个回答，一条表项'),
      text: l(
        '{R} can keep only one MAC for the VIP. Let it forget and ask once more.',
        '{R} 给 VIP 只能记一个 MAC。让它忘掉，再问一次。',
      ),
      knobs: ['send', 'arp_ignore'],
      ask: {
        text: l('Which answer does {R} keep?', '{R} 记住哪个回答？'),
        choices: [
          {
            id: 'first',
            text: l('The first', '第一个'),
            answer: l(
              'Right. Linux does not let further answers of the next second overwrite it. Which one is first is a race, and here it is not {L1}.',
              '对。随后一秒内的其他回答盖不掉它。谁第一个到，要看赛跑；这里赢的不是 {L1}。',
            ),
          },
          {
            id: 'last',
            text: l('The last: it overwrites the others', '最后一个：后来的盖掉先来的'),
            misconception: 'last-arp-reply-wins',
            answer: l(
              'So many believe. The entry is locked for a second after it was learnt.',
              '很多人这么以为。表项刚学到，会锁定一秒。',
            ),
          },
          {
            id: 'lb',
            text: l('That of {L1}: it is the load balancer', '{L1} 的：它才是负载均衡'),
            misconception: 'arp-knows-roles',
            answer: l('ARP knows no roles, only who speaks.', 'ARP 不认角色，只认谁在说话。'),
          },
        ],
        right: (facts) => {
          const [first, ...rest] = answerers(facts, VIP)
          const macs = noted(facts, 'router', VIP)
          if (first === undefined || macs.length === 0) return undefined
          if (macs[0] === LB1_MAC) return first === 'LB1' ? 'first' : 'lb'
          return rest.length > 0 && macs.length > 1 ? 'last' : 'first'
        },
        evidence: { on: 'neigh', host: 'router', where: { why: 'arp.reply' } },
        because: l(
          'The entry of {R} was set once, by the first answer. From now on packets for the VIP go past {L1}, straight to a server, and the connection table of {L1} stays empty.',
          '{R} 的表项只写了一次，按的是第一个回答。从此发往 VIP 的包绕过 {L1} 直奔服务器，{L1} 的连接表里什么也没有。',
        ),
      },
      run: [...flush('router'), ...curl('client')],
      focus: { host: 'router', inspector: 'host' },
    },
    {
      id: 'stronger-lo',
      title: l('More of the same?', '加大力度？'),
      text: l(
        'arp_ignore=8 means: answer nothing at all. Set it on `lo` of both servers.',
        'arp_ignore=8 的意思是：什么都不应答。把它设在两台服务器的 `lo` 上。',
      ),
      knobs: ['send', 'arp_ignore'],
      ask: {
        text: l('Are the servers quiet now?', '这下服务器不出声了吧？'),
        choices: [
          {
            id: 'yes',
            text: l(
              'Yes: the VIP is on `lo`, and `lo` answers nothing',
              '是的：VIP 在 `lo` 上，`lo` 什么都不应答',
            ),
            misconception: 'interface-of-the-address-counts',
            answer: l(
              'It is not the interface that **has** the address that counts, but the one that **hears** the question.',
              '算数的不是**拥有**地址的接口，而是**听到**询问的接口。',
            ),
          },
          {
            id: 'no',
            text: l('No: the question comes in by ens33', '没有：询问是从 ens33 进来的'),
            answer: l(
              'Right. On `lo` any number is without effect here.',
              '对。设在 `lo` 上，多大的数都没有用。',
            ),
          },
        ],
        right: (facts) => {
          const only = onlyLb(facts)
          return only === undefined ? undefined : only ? 'yes' : 'no'
        },
        evidence: { on: 'arp.reply', where: { owner: 'lo' } },
        because: l(
          'The note of the answer shows the values that were compared: `all` 0, ens33 0.',
          '那条应答的记录里写着比较的值：`all` 是 0，ens33 是 0。',
        ),
      },
      run: [...both('sysctl -w net.ipv4.conf.lo.arp_ignore=8'), ...flush('router'), ...curl('client')],
      focus: { host: 'server1', inspector: 'why' },
    },
    {
      id: 'ignore',
      title: l('Your turn: only one may answer', '轮到你：只许一台应答'),
      text: l(
        'Set {term:arp_ignore} where it counts, on **both** servers. Then let {R} forget (`ip neigh flush dev ens33`) and send again.',
        '把 {term:arp_ignore} 设在算数的地方，**两台**服务器都要设。然后让 {R} 忘掉（`ip neigh flush dev ens33`），再发一次。',
      ),
      knobs: ['send', 'arp_ignore'],
      expect: [
        {
          kind: 'notes',
          cue: { on: 'arp.ignored', host: 'server1', where: { ignore: [1, 2] } },
          text: l('{S1} hears the question and keeps quiet', '{S1} 听到询问，没有出声'),
        },
        {
          kind: 'notes',
          cue: { on: 'arp.ignored', host: 'server2', where: { ignore: [1, 2] } },
          text: l('{S2} hears the question and keeps quiet', '{S2} 听到询问，没有出声'),
        },
        {
          kind: 'notes',
          cue: { on: 'ipvs.pick', host: 'LB1' },
          text: l('The request goes through {L1}', '请求经过了 {L1}'),
        },
      ],
      hint: l(
        '`sysctl -w net.ipv4.conf.all.arp_ignore=1` on {S1} and on {S2}.',
        '在 {S1} 和 {S2} 上执行 `sysctl -w net.ipv4.conf.all.arp_ignore=1`。',
      ),
      show: [...both('sysctl -w net.ipv4.conf.all.arp_ignore=1'), ...flush('router'), ...curl('client')],
      focus: { host: 'server1', dock: 'terminal' },
    },
    {
      id: 'announce',
      title: l('A question also tells', '发问也会泄露'),
      text: l(
        'The servers answer nothing wrong any more. But they must **ask**, too: for the MAC of their gateway, before they can send an answer. arp_announce is still 0 where it counts. Let everybody forget, and send four requests.',
        '服务器不再乱应答了。可它们自己也要**发问**：发应答之前，得先问网关的 MAC。算数的地方，arp_announce 还是 0。让大家都忘掉，再发四个请求。',
      ),
      knobs: ['send', 'arp_announce'],
      ask: {
        text: l('What does {R} note for the VIP?', '{R} 给 VIP 记下什么？'),
        choices: [
          {
            id: 'stays',
            text: l('The MAC of {L1}, and it stays', '{L1} 的 MAC，而且不变'),
            misconception: 'arp-ignore-is-enough',
            answer: l(
              'It begins so. Then a server asks for its gateway.',
              '开头是。然后某台服务器开始问网关。',
            ),
          },
          {
            id: 'moves',
            text: l('First {L1}, then a server', '先是 {L1}，后来变成某台服务器'),
            answer: l(
              'Right: in the middle of the work, and nobody answered anything wrong.',
              '对：就在用着的时候变了，而且谁也没有答错。',
            ),
          },
        ],
        right: (facts) => {
          const macs = noted(facts, 'router', VIP)
          return macs.length === 0 ? undefined : macs.every((mac) => mac === LB1_MAC) ? 'stays' : 'moves'
        },
        evidence: { on: 'arp.request', host: ['server1', 'server2'], where: { announce: 0 } },
        because: l(
          'With arp_announce 0 the server asks in the name of the packet that waits: its source is the VIP. {R} hears “the VIP is at my MAC” and believes it.',
          'arp_announce 为 0 时，服务器用等着发的那个包的源地址发问，也就是 VIP。{R} 听到“VIP 在我这个 MAC 上”，就信了。',
        ),
      },
      run: [...flush('router', 'server1', 'server2'), ...curl('client', 4)],
      focus: { host: 'router', inspector: 'why', dock: 'packets' },
    },
    {
      id: 'announce-2',
      title: l('Your turn: ask in one’s own name', '轮到你：用自己的名义发问'),
      text: l(
        'Set {term:arp_announce} on both servers so that they ask with the address of the interface. Let all forget once more and send; {R} must hear a server ask in its own name.',
        '在两台服务器上设好 {term:arp_announce}，让它们用接口自己的地址发问。再让大家忘掉，发请求；{R} 要听到服务器用自己的名义发问。',
      ),
      knobs: ['send', 'arp_announce'],
      expect: [
        {
          kind: 'notes',
          cue: { on: 'arp.request', host: ['server1', 'server2'], where: { announce: 2 } },
          text: l('A server asks with arp_announce 2 in effect', '有服务器在 arp_announce 为 2 时发问'),
        },
        {
          kind: 'facts',
          holds: (facts) => noted(facts, 'router', VIP).at(-1) === LB1_MAC && facts.answered > 0,
          text: l('{R} keeps {L1} for the VIP, and {C} is answered', '{R} 给 VIP 记的是 {L1}，{C} 得到应答'),
        },
      ],
      hint: l(
        '`sysctl -w net.ipv4.conf.all.arp_announce=2` on both, then `ip neigh flush dev ens33` on {R}, {S1}, {S2}, then send. 1 would not do: the VIP is in the subnet that is asked.',
        '两台都执行 `sysctl -w net.ipv4.conf.all.arp_announce=2`，再在 {R}、{S1}、{S2} 上执行 `ip neigh flush dev ens33`，然后发送。设成 1 不行：VIP 就在被问的子网里。',
      ),
      show: [
        ...both('sysctl -w net.ipv4.conf.all.arp_announce=2'),
        ...flush('router', 'server1', 'server2'),
        ...curl('client', 4),
      ],
      focus: { host: 'server1', dock: 'terminal' },
    },
    {
      id: 'keep',
      title: l('What to keep', '记住这些'),
      text: l(
        '**arp_ignore** is about answering, **arp_announce** about asking. In both the larger of `all` and the interface **that is asked or asks** counts.\n\nThe course types them for `lo`. That does nothing, and in the course’s lab nothing is seen of it: with its OSPF route {R} asks for the MAC of {L1} or {L2}, never for the VIP. Take the routes away, and it shows.\n\nPut them on `all` or on ens33, before the VIP.',
        '**arp_ignore** 管应答，**arp_announce** 管发问。两者都取 `all` 与**被问或发问的那个接口**中较大的值。\n\n课程里是给 `lo` 设的。那样没有作用，只是在课程实验里看不出来：有了 OSPF 路由，{R} 问的是 {L1} 或 {L2} 的 MAC，从不问 VIP。把路由撤掉，就露出来了。\n\n设在 `all` 或 ens33 上，并且在配 VIP 之前就设好。',
      ),
      knobs: ['send', 'arp_ignore', 'arp_announce'],
    },
  ],
}
