/** A name in an address. One that is no proper one names nothing either. */
export function decodeName(name: string): string {
  return name.replaceAll(/(?:%[\dA-F]{2})+/gi, (bytes) =>
    Buffer.from(bytes.replaceAll('%', ''), 'hex').toString(),
  );
}
