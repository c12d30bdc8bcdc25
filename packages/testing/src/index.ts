// The public surface of this package. Every name here is a promise; add one only on purpose.

export type { ArxivApi, ArxivApiFault, ArxivApiOptions, ArxivApiPath } from './arxiv-api/arxiv-api.ts';
export { startArxivApi } from './arxiv-api/arxiv-api.ts';
export type {
  AuthorizationServer,
  AuthorizationServerFaults,
} from './authorization-server/authorization-server.ts';
export { KNOWN_CLIENT, startAuthorizationServer } from './authorization-server/authorization-server.ts';
export type { ProtectedServer } from './authorization-server/protected-server.ts';
export { startProtectedServer } from './authorization-server/protected-server.ts';
export { cachedFolder } from './cache-folder.ts';
export type { BadInput } from './bad-input.ts';
export { badInputs } from './bad-input.ts';
export type { CassetteErrorCode } from './cassette/cassette-error.ts';
export { CassetteError } from './cassette/cassette-error.ts';
export type { Cassette, CassetteOptions } from './cassette/open-cassette.ts';
export { openCassette } from './cassette/open-cassette.ts';
export type { McpServerEntries, McpServerEntry } from './cassette/server-entries.ts';
export type { MariaDbOptions } from './database/mariadb.ts';
export { startMariaDb } from './database/mariadb.ts';
export type { MySqlOptions } from './database/mysql.ts';
export { startMySql } from './database/mysql.ts';
export type { DatabaseServer } from './database/private-server.ts';
export type { ServerProcess, ServerProcessOptions, ToolOutcome } from './server-process.ts';
export { startServerProcess } from './server-process.ts';
export type { DocumentedErrorName } from './fake-provider/documented-error.ts';
export { documentedError } from './fake-provider/documented-error.ts';
export type { FakeProvider, FakeProviderOptions } from './fake-provider/fake-provider.ts';
export { startFakeProvider } from './fake-provider/fake-provider.ts';
export type {
  ProviderApi,
  ProviderMessage,
  ProviderRequest,
  ProviderTool,
  ProviderToolCall,
} from './fake-provider/provider-request.ts';
export { requestRefusal } from './fake-provider/request-refusal.ts';
export type { ProviderAnswer, ProviderTurn, Respond, StreamQuirk } from './fake-provider/provider-turn.ts';
export { scriptedTurns } from './fake-provider/provider-turn.ts';
export type { FaultyServerName, ServerLaunch } from './faulty-servers/faulty-server.ts';
export { faultyServer } from './faulty-servers/faulty-server.ts';
export type { WeatherApi, WeatherApiPath } from './weather-api/weather-api.ts';
export { startWeatherApi } from './weather-api/weather-api.ts';
export type { ServiceRequest } from './web-service/play-service.ts';
export type { ServiceFault } from './web-service/service-fault.ts';
export type { WikipediaApi, WikipediaApiFault } from './wikipedia-api/wikipedia-api.ts';
export { startWikipediaApi } from './wikipedia-api/wikipedia-api.ts';
export type { ProgramControl, ProgramOptions, ProgramResult } from './run-program.ts';
export { runProgram } from './run-program.ts';
export type { HttpServerProcess, HttpServerProcessOptions } from './http-server-process.ts';
export { startHttpServerProcess } from './http-server-process.ts';
