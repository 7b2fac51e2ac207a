"""The Python adapter: one JSON line in, one out. It asks once, at one node, and prints no value: types and raw bytes go out as they came.

One file for two drivers, cassandra-driver and scylla-driver: both are called `cassandra` when imported, so each has an environment of
its own (requirements.cassandra.txt, requirements.scylla.txt).
"""

import json
import logging
import sys

from cassandra import ConsistencyLevel, OperationTimedOut, WriteType
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile
from cassandra.policies import FallthroughRetryPolicy, WhiteListRoundRobinPolicy
from cassandra.protocol import ErrorMessage, ProtocolHandler, ResultMessage, read_int
from cassandra.query import SimpleStatement

TIMEOUT = 30

# What the server said last when it said no: the driver's exceptions keep neither its code nor its own words.
heard = []


class Raw(ResultMessage):
    """Rows whose values are the bytes they came as."""

    def recv_results_rows(self, f, protocol_version, user_type_map, result_metadata, column_encryption_policy):
        self.recv_results_metadata(f, user_type_map)
        columns = self.column_metadata or result_metadata
        self.column_names = [column[2] for column in columns]
        self.column_types = [column[3] for column in columns]
        self.parsed_rows = [self.recv_row(f, len(columns)) for _ in range(read_int(f))]


class Heard(ErrorMessage):
    """An error as the driver reads it, and kept."""

    @classmethod
    def recv_body(cls, *args):
        error = ErrorMessage.recv_body(*args)
        heard.append(error)
        return error


class Handler(ProtocolHandler):
    message_types_by_opcode = {**ProtocolHandler.message_types_by_opcode, Raw.opcode: Raw, Heard.opcode: Heard}


class Session:
    """One session at one node."""

    def __init__(self, host, port, keyspace):
        # One node, as the scenario names it, and no second try: what the server says is the outcome.
        profile = ExecutionProfile(
            load_balancing_policy=WhiteListRoundRobinPolicy([host]),
            retry_policy=FallthroughRetryPolicy(),
            request_timeout=TIMEOUT,
            row_factory=lambda columns, rows: rows,
        )
        self.cluster = Cluster(
            [host], port=port, execution_profiles={EXEC_PROFILE_DEFAULT: profile},
            connect_timeout=TIMEOUT, control_connection_timeout=TIMEOUT,
        )
        try:
            self.session = self.cluster.connect(keyspace or None)
        except BaseException:
            self.cluster.shutdown()
            raise
        self.session.client_protocol_handler = Handler
        self.stamps = self.cluster.timestamp_generator

    def close(self):
        self.cluster.shutdown()

    def ask(self, asked):
        serial = asked.get("serial")
        statement = SimpleStatement(
            asked["cql"],
            consistency_level=ConsistencyLevel.name_to_value[asked["consistency"]],
            serial_consistency_level=ConsistencyLevel.name_to_value[serial] if serial else None,
            fetch_size=asked.get("page") or None,
        )
        # The driver dates by itself unless it is told: it has no timestamp of a statement's own.
        stamp = asked.get("timestamp")
        self.session.use_client_timestamp = not asked.get("unstamped")
        self.cluster.timestamp_generator = self.stamps if stamp is None else lambda: stamp
        result = self.session.execute(statement)
        answer = {"done": True}
        if result.column_names:
            kinds = [type_name(kind) for kind in result.column_types]
            answer["columns"] = list(zip(result.column_names, kinds))
            rows = list(result.current_rows)
            while result.has_more_pages:
                result.fetch_next_page()
                rows.extend(result.current_rows)
            answer["rows"] = [[None if value is None else value.hex() for value in row] for row in rows]
        return answer


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def type_name(kind):
    """A type as CQL writes it; a type that a user defined, with its fields."""
    if kind.cassname == "UserType":
        fields = ", ".join(f"{quoted(name)} {type_name(of)}" for name, of in zip(kind.fieldnames, kind.subtypes))
        return f"{quoted(kind.typename)}({fields})"
    if hasattr(kind, "vector_size"):
        return f"vector<{type_name(kind.subtype)}, {kind.vector_size}>"
    if kind.subtypes:
        return f"{kind.typename}<{', '.join(type_name(of) for of in kind.subtypes)}>"
    return kind.cql_parameterized_type()


def failed(error):
    """An exception as an answer."""
    if isinstance(error, OperationTimedOut):
        return {"client": "Timeout", "said": str(error)}
    if not heard:
        return {"client": "NoHost", "said": f"{type(error).__name__}: {error}"}
    said = heard[-1]
    found = {"code": said.code, "message": said.message}
    info = said.info if isinstance(said.info, dict) else {}
    names = {
        "required_replicas": "required", "alive_replicas": "alive", "received_responses": "received",
        "required_responses": "required", "data_retrieved": "data", "keyspace": "keyspace", "table": "table",
    }
    found.update((names[key], value) for key, value in info.items() if key in names)
    if "consistency" in info:
        found["consistency"] = ConsistencyLevel.value_to_name[info["consistency"]]
    if "write_type" in info:
        found["write_type"] = WriteType.value_to_name[info["write_type"]]
    return {"error": found}


def answer(session, asked):
    """The session from here on, and what is said."""
    heard.clear()
    if "connect" in asked and asked["connect"]:
        if session:
            session.close()
        to = asked["connect"]
        try:
            return Session(to["host"], to["port"], to.get("keyspace")), {"ok": True}
        except Exception as error:
            return None, {"client": "NoHost", "said": f"{type(error).__name__}: {error}"}
    if not session:
        return None, {"client": "NoHost", "said": "there is no session"}
    try:
        return session, session.ask(asked)
    except Exception as error:
        return session, failed(error)


def main():
    logging.disable(logging.CRITICAL)
    session = None
    for line in sys.stdin:
        try:
            asked = json.loads(line)
        except ValueError as error:
            said = {"client": "Adapter", "said": str(error)}
        else:
            session, said = answer(session, asked)
        print(json.dumps(said), flush=True)
    if session:
        session.close()


if __name__ == "__main__":
    main()
