/** Commands that a program's own lines may name (notify scripts of keepalived): they are loaded with it. */
export const NOTIFY_COMMANDS: readonly string[] =
  'ip ifconfig route sysctl ipvsadm arping vtysh echo sleep true false :'.split(' ')
