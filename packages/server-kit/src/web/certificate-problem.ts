/** Why a server's certificate was refused, and what helps: never the same request again. */
export interface CertificateProblem {
  readonly what: string;
  readonly hint: string;
}

const UNTRUSTED: CertificateProblem = {
  what: 'its certificate is from no authority that is trusted here',
  hint:
    'Trying again does not help. Where a proxy answers in its place, the user has to give this server, in its environment, ' +
    'NODE_EXTRA_CA_CERTS with the path of the certificate (PEM) of the proxy’s authority.',
};

const WRONG_TIME =
  'Trying again does not help. If the clock of this machine is right, only the service, or the proxy that answers in its ' +
  'place, can mend it.';

/** By Node's code: OpenSSL's name of why a chain was refused, or Node's own for the name of the host. */
const PROBLEMS: ReadonlyMap<string, CertificateProblem> = new Map([
  ['CERT_UNTRUSTED', UNTRUSTED],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', UNTRUSTED],
  ['SELF_SIGNED_CERT_IN_CHAIN', UNTRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT', UNTRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', UNTRUSTED],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', UNTRUSTED],
  ['CERT_HAS_EXPIRED', { what: 'its certificate has expired', hint: WRONG_TIME }],
  ['CERT_NOT_YET_VALID', { what: 'its certificate is not valid yet', hint: WRONG_TIME }],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    {
      what: 'its certificate is for another host',
      hint: 'Trying again does not help. A proxy or login page may answer in its place, or the address in the settings is wrong.',
    },
  ],
]);

/** What is wrong with the certificate when a connection failed with `code` because of it. */
export function certificateProblem(code: string): CertificateProblem | undefined {
  return PROBLEMS.get(code);
}
