import type { View } from './view.ts'

/** What the packagers configured FRR with, as Debian's build says it. */
const CONFIGURED = [
  '--build=x86_64-linux-gnu --prefix=/usr --includedir=${prefix}/include --mandir=${prefix}/share/man',
  '--infodir=${prefix}/share/info --sysconfdir=/etc --localstatedir=/var --disable-option-checking',
  '--disable-silent-rules --libdir=${prefix}/lib/x86_64-linux-gnu --libexecdir=${prefix}/lib/x86_64-linux-gnu',
  '--disable-maintainer-mode --localstatedir=/var/run/frr --sbindir=/usr/lib/frr --sysconfdir=/etc/frr',
  '--with-vtysh-pager=/usr/bin/pager --libdir=/usr/lib/x86_64-linux-gnu/frr',
  '--with-moduledir=/usr/lib/x86_64-linux-gnu/frr/modules --disable-dependency-tracking --enable-rpki',
  '--disable-scripting --disable-pim6d --with-libpam --enable-doc --enable-doc-html --enable-snmp --enable-fpm',
  '--disable-protobuf --disable-zeromq --enable-ospfapi --enable-bgp-vnc --enable-multipath=256 --enable-user=frr',
  '--enable-group=frr --enable-vty-group=frrvty --enable-configfile-mask=0640 --enable-logfile-mask=0640',
  'build_alias=x86_64-linux-gnu PYTHON=python3',
]
  .join(' ')
  .split(' ')
  .map((word) => `'${word}'`)
  .join(' ')

/** `show version` (golden A9). */
export function versionText({ hostname, zebra, profile }: View): string {
  const name = zebra?.config.hostname || hostname
  return `FRRouting ${profile.frr} (${name}) on Linux(${profile.kernel}).\nCopyright 1996-2005 Kunihiro Ishiguro, et al.\nconfigured with:\n    ${CONFIGURED}\n`
}
