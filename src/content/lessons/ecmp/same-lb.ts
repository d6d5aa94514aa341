import type { Command, Lesson } from '../../lesson.ts'
import {
  allSame,
  bothUnderPolicy,
  hashIgnoresPorts,
  hasSet,
  lbsPerConnection,
  sourceDecides,
  takesTurns,
} from './same-lb-facts.ts'

const POLICY = 'net.ipv4.fib_multipath_hash_policy'
const CURL = 'curl -v http://172.16.253.100:8080'
const curl = (more = ''): Command => ({ host: 'router', sh: `${CURL}${more}` })
const curls = (n: number): Command[] => Array.from({ length: n }, () => curl())
const address = (n: number): Command => ({
  host: 'router',
  sh: `ifconfig lo:${n} 172.16.253.${199 + n} netmask 255.255.255.255 up`,
})
const from = (n: number): Command => curl(` --interface 172.16.253.${199 + n}`)

export const sameLb: Lesson = {
  id: 'ecmp/same-lb',
  title: {
    en: 'Why does every request go to the same LB?',
    zh: '为什么每个请求都到了同一台 LB？',
  },
  chapter: { number: 2, title: { en: 'ECMP', zh: 'ECMP 等价多路径' } },
  lab: 'course-static',
  summary: {
    en: 'The router has two equal routes, yet one load balancer gets everything. Find out who decides, and by what.',
    zh: '路由器有两条等价路由，请求却全落在一台负载均衡器上。找出是谁、凭什么做的决定。',
  },
  steps: [
    {
      id: 'one-request',
      title: { en: 'One address, two load balancers', zh: '一个地址，两台负载均衡器' },
      text: {
        en: 'Clients know only the VIP {ip:172.16.253.100}. Two load balancers, {L1} and {L2}, both own it. {R} has one route to it with **two equal next hops**: that is {term:ecmp}.\n\nHere {R} is also the client. Let it send one request, then go forward hop by hop and watch the MAC cells of the packet.',
        zh: '客户端只知道 VIP {ip:172.16.253.100}。两台负载均衡器 {L1} 和 {L2} 都拥有它。{R} 到它只有一条路由，却有**两个等价的下一跳**：这就是 {term:ecmp}。\n\n在这里 {R} 同时也是客户端。让它发一个请求，然后一跳一跳地往前走，留意数据包的 MAC 格子。',
      },
      knobs: ['policy'],
      run: [curl()],
      runLabel: { en: 'Send one request', zh: '发一个请求' },
      focus: { host: 'router', inspector: 'packet' },
    },
    {
      id: 'predict-same',
      title: { en: 'Six more requests', zh: '再来六个请求' },
      text: {
        en: 'You saw which load balancer the first request took. Each new request is a new connection with a new source port.\n\nNow {R} sends six more, one after the other.',
        zh: '你已经看到第一个请求走了哪台负载均衡器。每个新请求都是一条新连接，源端口也不同。\n\n现在 {R} 再依次发六个。',
      },
      knobs: ['policy'],
      ask: {
        text: {
          en: 'Which load balancers will these six requests take?',
          zh: '这六个请求会走哪台负载均衡器？',
        },
        choices: [
          {
            id: 'turns',
            text: {
              en: '{L1} and {L2} in turn: two routes, so one after the other',
              zh: '{L1}、{L2} 轮流：两条路由，一个接一个',
            },
            misconception: 'ecmp-is-round-robin',
            answer: {
              en: 'Linux does not take turns here. It keeps no memory of the request before; each choice is computed from the packet alone.',
              zh: 'Linux 在这里并不轮流。它不记得上一个请求，每次选择只由数据包本身算出。',
            },
          },
          {
            id: 'both',
            text: { en: 'Some {L1}, some {L2}, as chance has it', zh: '有的走 {L1}，有的走 {L2}，看运气' },
            misconception: 'ecmp-is-random',
            answer: {
              en: 'Nothing was drawn by lot. The same input gives the same choice, every time.',
              zh: '这里没有抽签。相同的输入每次都得到相同的选择。',
            },
          },
          {
            id: 'same',
            text: { en: 'All six the same one as before', zh: '六个都和刚才一样，走同一台' },
            answer: {
              en: 'So it is. What the choice is computed from did not change from request to request.',
              zh: '正是如此。用来计算选择的那些内容，在每个请求里都没有变。',
            },
          },
        ],
        right: (facts) =>
          facts.decisions.length < 6
            ? undefined
            : allSame(facts)
              ? 'same'
              : takesTurns(facts)
                ? 'turns'
                : 'both',
        evidence: { on: 'ecmp' },
        because: {
          en: 'Six decisions of the router, six times the same next hop. The chart counts them.',
          zh: '路由器做了六次决定，六次都是同一个下一跳。图表里有计数。',
        },
      },
      run: curls(6),
      focus: { dock: 'charts' },
    },
    {
      id: 'the-hash',
      title: { en: 'Who decides, and by what', zh: '谁决定，凭什么决定' },
      text: {
        en: 'The router makes one number, a {term:hash}, from some header fields, and looks into whose part of the number line it falls.\n\nOpen **Why** in the inspector on two of the requests and compare. Their source ports differ. Then send once more and settle it.',
        zh: '路由器用几个报头字段算出一个数，叫 {term:hash}，再看它落在数轴上谁的那一段。\n\n在检查器的**原因**里打开其中两个请求比一比：它们的源端口不同。然后再发一次，弄个明白。',
      },
      knobs: ['policy'],
      ask: {
        text: { en: 'Which fields went into the hash?', zh: '哪些字段参与了哈希？' },
        choices: [
          {
            id: 'addresses',
            text: { en: 'Source and destination IP only', zh: '只有源 IP 和目的 IP' },
            answer: {
              en: 'Right: policy 0, the default, takes the two addresses and nothing else. They are always the same here.',
              zh: '对：默认的策略 0 只取这两个地址。在这里它们始终不变。',
            },
          },
          {
            id: 'tuple',
            text: { en: 'The IPs and the ports', zh: 'IP 和端口' },
            misconception: 'policy-0-hashes-ports',
            answer: {
              en: 'Then another source port would give another hash. The ports differ between these requests, the hash does not.',
              zh: '那样的话，换一个源端口，哈希就会变。这些请求的端口各不相同，哈希却一样。',
            },
          },
          {
            id: 'counter',
            text: { en: 'None: the router counts packets', zh: '都没有：路由器在数包' },
            misconception: 'ecmp-is-round-robin',
            answer: {
              en: 'A counter would go on from request to request. Here the same number comes out each time.',
              zh: '计数会随请求增加，而这里每次得到的都是同一个数。',
            },
          },
        ],
        right: (facts) =>
          hashIgnoresPorts(facts) ? 'addresses' : facts.decisions.length > 1 ? 'tuple' : undefined,
        evidence: { on: 'ecmp' },
        because: {
          en: 'Different source ports, one hash. Policy 0 sees only {ip:172.16.253.135} and {ip:172.16.253.100}.',
          zh: '源端口不同，哈希相同。策略 0 只看 {ip:172.16.253.135} 和 {ip:172.16.253.100}。',
        },
      },
      run: curls(2),
      focus: { inspector: 'why' },
    },
    {
      id: 'change-policy',
      title: { en: 'Let the ports count', zh: '让端口也算进来' },
      text: {
        en: 'Which fields count is a setting of the router: `net.ipv4.fib_multipath_hash_policy`. Policy 1 takes the {term:tuple5}: both addresses, both ports and the protocol.\n\nSet it to 1, with the switch above the stage or by typing in the terminal of {R}.',
        zh: '哪些字段算数，是路由器上的一项设置：`net.ipv4.fib_multipath_hash_policy`。策略 1 取{term:tuple5}：两个地址、两个端口加协议。\n\n把它设为 1：用舞台上方的开关，或者在 {R} 的终端里输入命令。',
      },
      knobs: ['policy'],
      expect: [
        {
          kind: 'facts',
          holds: (facts) => hasSet(facts, POLICY, '1'),
          text: { en: 'The policy on the router is 1', zh: '路由器上的策略是 1' },
        },
      ],
      hint: {
        en: 'The switch shows the command it runs: `sysctl -w net.ipv4.fib_multipath_hash_policy=1`.',
        zh: '开关旁写着它要执行的命令：`sysctl -w net.ipv4.fib_multipath_hash_policy=1`。',
      },
      show: [{ host: 'router', sh: `sysctl -w ${POLICY}=1` }],
      focus: { host: 'router', dock: 'terminal' },
    },
    {
      id: 'predict-spread',
      title: { en: 'Twelve requests under policy 1', zh: '策略 1 下的十二个请求' },
      text: {
        en: 'Nothing else has changed: same router, same VIP, same two next hops. Each request still has its own source port.',
        zh: '其他都没变：还是这台路由器、这个 VIP、这两个下一跳。每个请求照样有自己的源端口。',
      },
      knobs: ['policy'],
      ask: {
        text: { en: 'How will the twelve requests be shared?', zh: '这十二个请求会怎样分？' },
        choices: [
          {
            id: 'turns',
            text: { en: 'Six each, in turn', zh: '各六个，轮流来' },
            misconception: 'ecmp-is-round-robin',
            answer: {
              en: 'Both get some, but not in turn: each request goes where its own hash falls, whatever came before.',
              zh: '两台都有，但不是轮流：每个请求只看自己的哈希落在哪里，与前一个无关。',
            },
          },
          {
            id: 'spread',
            text: {
              en: 'Both get some, in no fixed order and perhaps unevenly',
              zh: '两台都有，没有固定次序，也未必平均',
            },
            answer: {
              en: 'Right. A hash spreads like throwing coins: about half each in the long run, uneven in the short.',
              zh: '对。哈希分配好比抛硬币：次数多了接近各半，次数少时并不平均。',
            },
          },
          {
            id: 'same',
            text: { en: 'Still all to the same one', zh: '仍然全部到同一台' },
            misconception: 'policy-has-no-effect',
            answer: {
              en: 'Now something in the hash differs from request to request, so the choice can differ too.',
              zh: '现在哈希的输入随请求而变，选择也就会变。',
            },
          },
        ],
        right: (facts) =>
          facts.decisions.length < 12
            ? undefined
            : allSame(facts)
              ? 'same'
              : takesTurns(facts)
                ? 'turns'
                : 'spread',
        evidence: { on: 'ecmp' },
        because: {
          en: 'Count the turns in the chart. A detail: for a connection that {R} opens itself without choosing a port, Linux puts a random number in the port’s place; for forwarded packets it is the real port.',
          zh: '在图表里数一数。一个细节：{R} 自己发起、又没有指定端口的连接，Linux 用一个随机数代替端口；转发的数据包用的才是真正的端口。',
        },
      },
      run: curls(12),
      focus: { dock: 'charts' },
    },
    {
      id: 'one-flow',
      title: { en: 'Inside one connection', zh: '在一条连接之内' },
      text: {
        en: 'A request is not one packet: SYN, ACK, the question, more ACKs and a FIN all go from {R} to the VIP. {L1} and {L2} each keep their own table of connections.',
        zh: '一个请求不止一个包：SYN、ACK、请求本身、后面的 ACK 和 FIN，都从 {R} 发往 VIP。{L1} 和 {L2} 各自维护自己的连接表。',
      },
      knobs: ['policy'],
      ask: {
        text: {
          en: 'How many load balancers see packets of one and the same connection?',
          zh: '同一条连接的数据包，会经过几台负载均衡器？',
        },
        choices: [
          {
            id: 'one',
            text: { en: 'One: all its packets take the same way', zh: '一台：它的所有包都走同一条路' },
            answer: {
              en: 'Right. The 5-tuple does not change during a connection, and a socket keeps its route. That is why ECMP works by hash: the balancer that knows the connection gets all of it.',
              zh: '对。一条连接的五元组始终不变，套接字也保持它的路由。ECMP 用哈希正是为此：认得这条连接的那台，会收到它的全部数据包。',
            },
          },
          {
            id: 'two',
            text: { en: 'Two: each packet is shared anew', zh: '两台：每个包都重新分配' },
            misconception: 'ecmp-per-packet',
            answer: {
              en: 'A balancer that gets a packet in the middle of a connection it never saw cannot know its server. Sharing by packet would break TCP; sharing by flow does not.',
              zh: '一台负载均衡器若在中途收到从未见过的连接的包，就不知道该交给哪台服务器。逐包分配会破坏 TCP，按流分配则不会。',
            },
          },
        ],
        right: (facts) => {
          const most = lbsPerConnection(facts)
          return most === 0 ? undefined : most === 1 ? 'one' : 'two'
        },
        evidence: { on: 'ipvs.conn' },
        because: {
          en: 'Every packet of the connection is in the table of one load balancer only.',
          zh: '这条连接的每个包，都只出现在一台负载均衡器的连接表里。',
        },
      },
      run: curls(1),
      focus: { host: 'LB1', inspector: 'host' },
    },
    {
      id: 'other-addresses',
      title: { en: 'Policy 0 again, other addresses', zh: '回到策略 0，换源地址' },
      text: {
        en: 'Back to policy 0. This time {R} gets three more addresses on `lo` and sends from each of them **twice**: `curl --interface 172.16.253.200`, then .201, .202.',
        zh: '回到策略 0。这次给 {R} 的 `lo` 再加三个地址，每个地址都发**两次**：`curl --interface 172.16.253.200`，然后是 .201、.202。',
      },
      knobs: ['policy'],
      ask: {
        text: { en: 'What is sure about these six requests?', zh: '关于这六个请求，哪一点是肯定的？' },
        choices: [
          {
            id: 'sticky',
            text: {
              en: 'Both requests of one address take the same LB',
              zh: '同一地址的两次请求走同一台 LB',
            },
            answer: {
              en: 'Right: an address gives one hash, so one choice. Which one it is, only the hash knows.',
              zh: '对：一个地址对应一个哈希，也就对应一个选择。至于是哪一台，只有哈希知道。',
            },
          },
          {
            id: 'both',
            text: { en: 'Three addresses, so both LBs get used', zh: '有三个地址，所以两台 LB 都会用到' },
            misconception: 'few-addresses-spread',
            answer: {
              en: 'Not sure at all: with three addresses all of them meet the same LB in one case out of four.',
              zh: '这可不一定：三个地址全部落到同一台的机会有四分之一。',
            },
          },
          {
            id: 'nothing',
            text: { en: 'Nothing: each request is decided anew', zh: '都不肯定：每个请求重新决定' },
            misconception: 'ecmp-is-random',
            answer: {
              en: 'Each request is decided anew, but from the same fields, so with the same result.',
              zh: '每个请求确实重新计算，但用的是同样的字段，结果也就相同。',
            },
          },
        ],
        right: (facts) =>
          facts.decisions.length < 6 ? undefined : sourceDecides(facts) ? 'sticky' : 'nothing',
        evidence: { on: 'ecmp' },
        because: {
          en: 'Compare the two decisions of each address in the Log: same hash, same next hop.',
          zh: '在日志里比较每个地址的两次决定：哈希相同，下一跳相同。',
        },
      },
      run: [
        { host: 'router', sh: `sysctl -w ${POLICY}=0` },
        ...[1, 2, 3].map(address),
        ...[1, 2, 3, 1, 2, 3].map(from),
      ],
      focus: { dock: 'log' },
    },
    {
      id: 'find-the-other',
      title: { en: 'Your turn: reach both', zh: '轮到你：两台都要到' },
      text: {
        en: 'Stay with policy 0 and make **both** load balancers get a request. Use source addresses: the switch above the stage can send from .200 to .210, or type it yourself. You can ask before you send: `ip route get 172.16.253.100 from 172.16.253.204`.',
        zh: '保持策略 0，让**两台**负载均衡器都收到请求。用不同的源地址：舞台上方的开关可以从 .200 到 .210 发送，也可以自己输入命令。发之前还能先问一问：`ip route get 172.16.253.100 from 172.16.253.204`。',
      },
      knobs: ['policy', 'send'],
      expect: [
        {
          kind: 'facts',
          holds: (facts) => bothUnderPolicy(facts, 0),
          text: { en: 'Both LBs got a request, under policy 0', zh: '两台 LB 都收到了请求，且策略为 0' },
        },
      ],
      hint: {
        en: 'Add an address first, such as `ifconfig lo:4 172.16.253.203 netmask 255.255.255.255 up`, then `curl http://172.16.253.100:8080 --interface 172.16.253.203`. Some addresses lead to {L1}, some to {L2}.',
        zh: '先加一个地址，例如 `ifconfig lo:4 172.16.253.203 netmask 255.255.255.255 up`，再执行 `curl http://172.16.253.100:8080 --interface 172.16.253.203`。有的地址通向 {L1}，有的通向 {L2}。',
      },
      show: [...[4, 5, 6, 7, 8, 9, 10, 11].map(address), ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map(from)],
      focus: { host: 'router', dock: 'terminal' },
    },
    {
      id: 'keep',
      title: { en: 'What to keep', zh: '记住这些' },
      text: {
        en: '{term:ecmp} shares **flows**, not packets, and it shares them **by hash**.\n\n**Policy 0** looks at the two IP addresses: one client, one load balancer. **Policy 1** looks at ports too: each connection may take another one.\n\nFew flows share unevenly; many share well. And all packets of a connection meet the balancer that knows it.\n\nThe lab stays as it is: go on and try things.',
        zh: '{term:ecmp} 分的是**流**，不是包，而且是**按哈希**分。\n\n**策略 0** 只看两个 IP 地址：一个客户端就固定一台负载均衡器。**策略 1** 还看端口：每条连接都可能走另一台。\n\n流少时分得不均，流多了就接近平均。同一条连接的所有包，总会到认得它的那一台。\n\n实验还在原处，接着试吧。',
      },
      knobs: ['policy', 'send'],
    },
  ],
}
