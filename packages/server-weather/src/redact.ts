/** Takes `secret` out of a text, as it is and as it stands in an address. */
export function redacting(secret: string): (text: string) => string {
  const inQuery = new URLSearchParams([['', secret]]).toString().slice('='.length);
  const forms = [secret, inQuery, encodeURIComponent(secret)].filter((form) => form !== '');
  return (text) => forms.reduce((rest, form) => rest.replaceAll(form, '[key]'), text);
}
