import type { McpServer } from '@modelcontextprotocol/server';
import { createMcpServer } from '@patchbay/server-kit';
import manifest from '../package.json' with { type: 'json' };
import { conditionCodes } from './conditions.ts';
import { addCurrentWeather } from './current-weather-tool.ts';
import { addFindPlace } from './find-place-tool.ts';
import { addForecast } from './forecast-tool.ts';
import type { WeatherToolOptions } from './weather-tools.ts';

/** Builds the server without a transport, so that tests and hosts choose how to serve it. */
export function createServer(options: WeatherToolOptions): McpServer {
  const server = createMcpServer(manifest);
  for (const addTo of [addCurrentWeather, addForecast, addFindPlace]) addTo(server, options);
  addConditionCodes(server);
  return server;
}

function addConditionCodes(server: McpServer): void {
  const about = {
    title: 'Weather codes',
    description: 'What the codes of conditions mean, in English and Chinese (WMO code table 4677)',
    mimeType: 'application/json',
  };
  server.registerResource('codes', 'weather://codes', about, ({ href: uri }) => ({
    contents: [{ uri, mimeType: 'application/json', text: JSON.stringify(conditionCodes(), null, 2) }],
  }));
}
