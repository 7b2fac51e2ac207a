// The Node adapter: one JSON line in, one out. It asks once, at one node, and prints no value: types and raw bytes go out as they came.
'use strict';

const readline = require('node:readline');
const { Client, policies, types, errors } = require('cassandra-driver');
const { Parser } = require('cassandra-driver/lib/streams');

const TIMEOUT_MS = 30_000;

// The bytes of each row's values, kept beside what the driver makes of them: its own tables it must still read.
const bytes = new WeakMap();
const parseRows = Parser.prototype.parseRows;
Parser.prototype.parseRows = function (frame, reader) {
  let values = [];
  const decode = (value, type) => {
    values.push(value);
    try {
      return this.encoder.decode(value, type);
    } catch {
      return undefined;
    }
  };
  const push = item => {
    if (item?.row) {
      bytes.set(item.row, values);
      values = [];
    }
    return this.push(item);
  };
  return parseRows.call(Object.create(this, { encoder: { value: { decode } }, push: { value: push } }), frame, reader);
};

const NAMES = new Map(Object.entries(types.dataTypes).filter(([, code]) => typeof code === 'number').map(([name, code]) => [code, name]));
const levels = new Map(Object.entries(types.consistencyToString).map(([code, name]) => [name, Number(code)]));

const quoted = (name) => `"${name.replaceAll('"', '""')}"`;

function typeName({ code, info, customTypeName }) {
  const name = NAMES.get(code);
  switch (name) {
    case 'list': case 'set': return `${name}<${typeName(info)}>`;
    case 'map': return `map<${typeName(info[0])}, ${typeName(info[1])}>`;
    case 'tuple': return `tuple<${info.map(typeName).join(', ')}>`;
    case 'udt': return `${quoted(info.name)}(${info.fields.map((field) => `${quoted(field.name)} ${typeName(field.type)}`).join(', ')})`;
    case 'varchar': return 'text';
    // What has no number goes by its class, a vector's taken apart by the driver.
    case 'custom': return customTypeName === 'vector' ? `vector<${typeName(info[0])}, ${info[1]}>` : `'${info}'`;
    default: return name;
  }
}

async function connect({ host, port, keyspace }) {
  const client = new Client({
    contactPoints: [`${host}:${port}`],
    keyspace: keyspace || undefined,
    // One node, as the scenario names it, and no second try: what the server says is the outcome.
    policies: {
      loadBalancing: new policies.loadBalancing.AllowListPolicy(new policies.loadBalancing.RoundRobinPolicy(), [`${host}:${port}`]),
      retry: new policies.retry.FallthroughRetryPolicy(),
      timestampGeneration: new Stamps(),
    },
    socketOptions: { connectTimeout: TIMEOUT_MS, readTimeout: TIMEOUT_MS },
  });
  try {
    await client.connect();
  } catch (error) {
    await client.shutdown().catch(() => undefined);
    throw error;
  }
  return client;
}

// The driver's own generator, which can be told to say nothing.
class Stamps extends policies.timestampGeneration.MonotonicTimestampGenerator {
  next(client) {
    return this.silent ? null : super.next(client);
  }
}

async function ask(client, asked) {
  client.options.policies.timestampGeneration.silent = Boolean(asked.unstamped);
  const options = {
    consistency: levels.get(asked.consistency),
    serialConsistency: levels.get(asked.serial),
    fetchSize: asked.page,
    autoPage: false,
  };
  if (Number.isInteger(asked.timestamp)) {
    options.timestamp = types.Long.fromString(String(asked.timestamp));
  }
  const answer = { done: true };
  for (;;) {
    const result = await client.execute(asked.cql, [], options);
    if (result.columns) {
      answer.columns ??= result.columns.map(column => [column.name, typeName(column.type)]);
      answer.rows ??= [];
      for (const row of result.rows) {
        answer.rows.push(bytes.get(row).map(value => (value === null ? null : value.toString('hex'))));
      }
    }
    if (!result.pageState) {
      return answer;
    }
    options.pageState = result.pageState;
  }
}

function failed(error) {
  if (error instanceof errors.OperationTimedOutError) {
    return { client: 'Timeout', said: error.message };
  }
  if (error instanceof errors.NoHostAvailableError && error.innerErrors) {
    const inner = Object.values(error.innerErrors).find(inner => inner instanceof errors.ResponseError);
    if (inner) {
      return failed(inner);
    }
  }
  if (!(error instanceof errors.ResponseError)) {
    return { client: error instanceof errors.BusyConnectionError ? 'Busy' : 'NoHost', said: `${error.name}: ${error.message}` };
  }
  return {
    error: {
      code: error.code,
      message: error.message,
      consistency: types.consistencyToString[error.consistencies],
      received: error.received,
      required: error.required ?? error.blockFor,
      alive: error.alive,
      write_type: error.writeType,
      data: Boolean(error.isDataPresent),
      keyspace: error.keyspace,
      table: error.table,
    },
  };
}

async function main() {
  let client = null;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let answer;
    try {
      const asked = JSON.parse(line);
      if (asked.connect) {
        await client?.shutdown();
        client = null;
        client = await connect(asked.connect);
        answer = { ok: true };
      } else if (client) {
        answer = await ask(client, asked);
      } else {
        answer = { client: 'NoHost', said: 'there is no session' };
      }
    } catch (error) {
      answer = error instanceof SyntaxError ? { client: 'Adapter', said: error.message } : failed(error);
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  await client?.shutdown();
}

main();
