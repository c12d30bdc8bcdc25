const THIS_MACHINE: readonly string[] = ['127.0.0.1', '[::1]', 'localhost'];

/** Whether what is sent to an address is read by nobody on the way: `https:`, or `http:` on this machine. */
export function isPrivate({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && THIS_MACHINE.includes(hostname));
}
