import type { McpServer } from '@modelcontextprotocol/server';
import { createMcpServer } from '@patchbay/server-kit';
import manifest from '../package.json' with { type: 'json' };
import type { WeatherToolOptions } from './current-weather-tool.ts';
import { addCurrentWeather } from './current-weather-tool.ts';

/** Builds the server without a transport, so that tests and hosts choose how to serve it. */
export function createServer(options: WeatherToolOptions): McpServer {
  const server = createMcpServer(manifest);
  addCurrentWeather(server, options);
  return server;
}
