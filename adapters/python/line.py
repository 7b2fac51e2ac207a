"""What the Python adapters share: one JSON line in, one out. No value is read: types and raw bytes go out as they came."""

import json
import logging
import sys

from cassandra import ConsistencyLevel, OperationTimedOut, WriteType
from cassandra.protocol import ErrorMessage, ProtocolHandler, ResultMessage, read_int

# Seconds that an answer may take.
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


def dated(session, stamps, asked):
    """The driver dates by itself unless it is told: it has no timestamp of a statement's own."""
    stamp = asked.get("timestamp")
    session.use_client_timestamp = not asked.get("unstamped")
    session.cluster.timestamp_generator = stamps if stamp is None else lambda: stamp


def every_page(rows):
    """A result of raw rows as an answer."""
    answer = {"done": True}
    if rows.column_names:
        kinds = [type_name(kind) for kind in rows.column_types]
        answer["columns"] = list(zip(rows.column_names, kinds))
        found = list(rows.current_rows)
        while rows.has_more_pages:
            rows.fetch_next_page()
            found.extend(rows.current_rows)
        answer["rows"] = [[None if value is None else value.hex() for value in row] for row in found]
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


def answer(open_session, session, asked):
    """The session from here on, and what is said."""
    heard.clear()
    if "connect" in asked and asked["connect"]:
        if session:
            session.close()
        to = asked["connect"]
        try:
            return open_session(to["host"], to["port"], to.get("keyspace") or None), {"ok": True}
        except Exception as error:
            return None, {"client": "NoHost", "said": f"{type(error).__name__}: {error}"}
    if not session:
        return None, {"client": "NoHost", "said": "there is no session"}
    try:
        return session, session.ask(asked)
    except Exception as error:
        return session, failed(error)


def speak(open_session):
    """Answers every line until there are no more."""
    logging.disable(logging.CRITICAL)
    # What a driver or a shell prints for people is no answer.
    answers, sys.stdout = sys.stdout, sys.stderr
    session = None
    for line in sys.stdin:
        try:
            asked = json.loads(line)
        except ValueError as error:
            said = {"client": "Adapter", "said": str(error)}
        else:
            session, said = answer(open_session, session, asked)
        print(json.dumps(said), file=answers, flush=True)
    if session:
        session.close()
