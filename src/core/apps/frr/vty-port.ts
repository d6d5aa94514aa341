import { bytesOfText } from '../../base/bytes.ts'
import { IP_ANY, parseIp4 } from '../../base/ids.ts'
import type { ProcEvent } from '../../kernel/ctx.ts'
import type { Sys } from '../sys.ts'

/**
 * The port on which a daemon offers a terminal of its own (lib/vty.c vty_serv_sock; -A address, -P port, 0 = none). As no
 * password is ever set here, whoever comes is told so and sent away (vty_create).
 */
const BACKLOG = 3

export function listenVty(sys: Sys, port: number): void {
  const after = (option: string): string | undefined => {
    const at = sys.argv.indexOf(option)
    return at < 0 ? undefined : sys.argv[at + 1]
  }
  const wanted = Number(after('-P') ?? port)
  if (wanted > 0) sys.listen(parseIp4(after('-A') ?? '') ?? IP_ANY, wanted, BACKLOG)
}

export function onVtySock(sys: Sys, event: ProcEvent): void {
  if (event.kind !== 'sock' || event.ready !== 'accept') return
  const sock = sys.accept(event.sock)
  if (sock === undefined) return
  sys.send(sock, bytesOfText('Vty password is not set.\r\n'))
  sys.close(sock)
}
