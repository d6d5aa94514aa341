/** Words of the glossary page. */
export const glossaryPage = {
  title: 'Glossary',
  lead: 'Words as this course uses them. In lessons they are dotted below: point at one, or move the focus there.',
  owners: 'Who owns which colour',
  ownersLead:
    'Every address, MAC or IP, is drawn in the colour of the host that owns it, with its code. Nothing else has colour.',
  owner: {
    C: 'the client',
    R: 'the router; in the course lab it is the client, too',
    L1: 'a load balancer (director)',
    L2: 'another load balancer',
    S1: 'a real server',
    S2: 'another real server',
    V: 'the VIP, whoever carries it just now',
    X: 'nobody in this lab, or everybody: broadcast, multicast',
  },
  words: 'Words',
}
