/** Configuration files of the lesson, in their real syntax. */

/** IPv6 is off in every lab, so the lesson's net.ipv6.conf.all.forwarding is left out: the key is not there. */
export const SYSCTL_CONF = `net.ipv4.ip_forward = 1
`

export function nginxConf(server: string): string {
  return `worker_processes 1;
pid /run/nginx.pid;
events { worker_connections 512; }
http {
    access_log /var/log/nginx/access.log;
    default_type text/plain;
    client_max_body_size 10m;
    server {
        listen 8080;
        location / {
            add_header X-Remote-IP $remote_addr;
            add_header X-Host ${server};
            return 200;
        }
    }
}
`
}

export function frrDaemons(): string {
  return `bgpd=no
ospfd=yes
ospf6d=no
ripd=no
ripngd=no
isisd=no

vtysh_enable=yes
zebra_options="  -A 127.0.0.1 -s 90000000"
ospfd_options="  -A 127.0.0.1"
`
}

/** Priority 1 makes the router the designated router, 0 keeps the load balancers out of the election. */
export function frrConf(name: string, address: string, priority: number): string {
  return `frr version 8.4.4
frr defaults traditional
hostname ${name}
log syslog informational
log file /var/log/frr/frr.log informational
service integrated-vtysh-config
!
interface ens33
 ip ospf cost 1
 ip ospf dead-interval 4
 ip ospf hello-interval 1
 ip ospf priority ${priority}
exit
!
router ospf
 ospf router-id ${address}
 log-adjacency-changes
 network 172.16.253.0/24 area 0
exit
!
ip prefix-list ANY seq 5 permit 0.0.0.0/0 le 32
!
route-map ANY permit 10
 match ip address prefix-list ANY
exit
!
ip protocol ospf route-map ANY
!
`
}

export function keepalivedConf(vip: string, server: string): string {
  return `virtual_server ${vip} 8080 {
    delay_loop 30
    lvs_sched rr
    lvs_method DR
    protocol TCP
    real_server ${server} 8080 {
        weight 10
        HTTP_GET {
            url {
                path /
                status_code 200
            }
            connect_port 8080
            connect_timeout 2
            retry 1
            delay_before_retry 1
        }
    }
}
`
}
