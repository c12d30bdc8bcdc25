// One measurement in a process of its own: `node run.mjs '{"client": …, "work": …, "servers": […]}'`, a line of JSON back.
// Not TypeScript: this is what is timed from its first line on, and taking types out of it would be timed too.
const task = JSON.parse(process.argv[2]);
const { connect } = await import(task.client);
const open = (options) => connect(task.servers, { cacheFolder: task.cacheFolder, ...options });

const works = {
  import: async () => ({}),

  async shot() {
    const link = await open();
    link.definitions();
    await link.call('s0', 'echo', { text: 'hi' });
    await link.close();
    return {};
  },

  async connect() {
    const watch = start();
    const link = await open();
    const result = { ms: watch.ms(), cpuMs: watch.cpuMs() };
    await link.close();
    return result;
  },

  async sequential() {
    const link = await open();
    for (let index = 0; index < task.calls / 5; index += 1) await echo(link, 's0');
    const watch = start();
    for (let index = 0; index < task.calls; index += 1) await echo(link, 's0');
    const result = { cpuUs: (watch.cpuMs() * 1000) / task.calls, wallUs: (watch.ms() * 1000) / task.calls };
    await link.close();
    return result;
  },

  async concurrent() {
    const link = await open();
    await spread(link, task.calls / 5);
    const watch = start();
    await spread(link, task.calls);
    const result = { wallUs: (watch.ms() * 1000) / task.calls, cpuUs: (watch.cpuMs() * 1000) / task.calls };
    await link.close();
    return result;
  },

  async large() {
    const link = await open();
    await link.call('s0', 'blob', { mib: task.mib });
    const watch = start();
    for (let round = 0; round < task.rounds; round += 1) {
      const { length } = await link.call('s0', 'blob', { mib: task.mib });
      if (length < task.minLength) throw new Error(`a text of ${length} characters`);
    }
    const mib = task.mib * task.rounds;
    const result = { wallMsPerMiB: watch.ms() / mib, cpuMsPerMiB: watch.cpuMs() / mib };
    await link.close();
    return result;
  },

  async tools() {
    const watch = start();
    const link = await open();
    const definitions = await link.definitions();
    const converted = [definitions.map(toOpenAi), definitions.map(toAnthropic)];
    const result = { cpuMs: watch.cpuMs(), ms: watch.ms(), count: converted[0].length };
    const first = start();
    await echo(link, 's0');
    const firstCallMs = first.ms();
    const rssMiB = process.memoryUsage.rss() / 1024 / 1024;
    await link.close();
    return { ...result, firstCallMs, rssMiB };
  },

  /** When the servers that are well can be called, beside others that are not. */
  async faults() {
    const watch = start();
    const good = new Set(task.good);
    const ready = new Promise((resolve) => {
      const left = new Set(good);
      const onReady = (name) => left.delete(name) && left.size === 0 && resolve(watch.ms());
      open({ onReady }).catch(() => undefined);
    });
    const limit = new Promise((resolve) => setTimeout(resolve, task.limitMs, undefined));
    return { ms: await Promise.race([ready, limit]) };
  },

  async close() {
    const link = await open();
    const watch = start();
    await link.close();
    return { ms: watch.ms() };
  },
};

const result = await works[task.work]();
console.log(JSON.stringify(result));
// Some clients keep timers or processes; what they hold is not measured. A shot has to end by itself.
if (task.work !== 'shot') process.exit(0);

function start() {
  const at = performance.now();
  const cpu = process.cpuUsage();
  return {
    ms: () => performance.now() - at,
    cpuMs() {
      const { user, system } = process.cpuUsage(cpu);
      return (user + system) / 1000;
    },
  };
}

async function echo(link, server) {
  const text = await link.call(server, 'echo', { text: 'hello' });
  if (text !== 'hello') throw new Error(`the answer is ${text}`);
}

/** As many calls over all servers, 64 of them under way at any time. */
async function spread(link, calls) {
  let next = 0;
  const worker = async () => {
    while (next < calls) await echo(link, task.servers[next++ % task.servers.length].name);
  };
  await Promise.all(Array.from({ length: 64 }, worker));
}

function toOpenAi({ name, description, inputSchema, ...rest }) {
  if (rest.type === 'function') return rest;
  return { type: 'function', function: { name, description, parameters: inputSchema } };
}

function toAnthropic({ name, description, inputSchema }) {
  return { name, description, input_schema: inputSchema };
}
