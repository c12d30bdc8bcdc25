import { ToolError } from '@patchbay/server-kit';
import type { Upstream } from '@patchbay/server-kit/http-client';

/** What errors say of Wikipedia. */
export const WIKIPEDIA: Upstream = {
  name: 'Wikipedia',
  timeoutSetting: 'WIKIPEDIA_TIMEOUT_MS',
  offlineHint:
    'Say that Wikipedia is not available; do not answer in its name. If other languages work, there is no Wikipedia ' +
    'in this one.',
  rateHint: 'Clients that name a contact (WIKIPEDIA_CONTACT) may ask more often.',
  explain({ status }, host) {
    if (status === 403) {
      return new ToolError('FORBIDDEN', `${host} refuses this client (HTTP 403)`, {
        hint: 'The user has to set WIKIPEDIA_CONTACT to an e-mail address or a web page: Wikipedia asks for one.',
      });
    }
    if (status < 300 || status >= 400) return undefined;
    return new ToolError('UPSTREAM', `${host} redirects elsewhere (HTTP ${status})`, {
      hint: 'There may be no Wikipedia in this language.',
    });
  },
};
