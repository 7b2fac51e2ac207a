"""cqlsh's adapter: cqlsh itself reads each statement, as a line that somebody types, and what it would print is the answer."""

import os
import sys

# Importing cqlsh reads a command line, and settings from this folder, makes another for a history in it, and moves an old history
# there: nobody types here, and nobody's own is touched.
sys.argv[1:] = []
os.environ["HOME"] = os.path.dirname(os.path.abspath(__file__))
os.environ.pop("CQL_HISTORY", None)

from cassandra import ConsistencyLevel
from cassandra.policies import FallthroughRetryPolicy
from cqlshlib import cql3handling, cqlshmain

from line import TIMEOUT, Handler, dated, every_page, speak

cqlshmain.setup_cqlruleset(cql3handling)


class Session(cqlshmain.Shell):
    """One session at one node, which prints nothing."""

    def __init__(self, host, port, keyspace):
        try:
            super().__init__(
                host, port, keyspace=keyspace, encoding="utf-8", tty=False, connect_timeout=TIMEOUT, request_timeout=TIMEOUT
            )
        except BaseException:
            if hasattr(self, "conn"):
                self.conn.shutdown()
            raise
        # No second try: what the server says is the outcome.
        self.conn.default_retry_policy = FallthroughRetryPolicy()
        self.session.client_protocol_handler = Handler
        self.session.row_factory = lambda columns, rows: rows
        self.stamps = self.conn.timestamp_generator

    def close(self):
        self.conn.shutdown()

    def ask(self, asked):
        dated(self.session, self.stamps, asked)
        self.consistency_level = ConsistencyLevel.name_to_value[asked["consistency"]]
        self.serial_consistency_level = ConsistencyLevel.name_to_value[asked.get("serial") or "SERIAL"]
        self.page_size = asked.get("page")
        self.use_paging = bool(self.page_size)
        self.answer, self.refused = {"done": True}, None
        if not self.onecmd(asked["cql"] + ";"):
            self.printerr("the statement has no end")
        if self.refused:
            raise self.refused
        return self.answer

    def found(self, rows, *_, **__):
        self.answer = every_page(rows)

    # Where cqlsh prints rows; the second is of a transaction.
    print_result = print_static_result = found
    describe_list = describe_keyspaces = describe_cluster = describe_element = found

    def colours(self, *_):
        """Which column is of the key; of a table that another client made it may not know yet, and then shows nothing at all."""

    parse_for_select_meta = parse_for_update_meta = colours

    def printerr(self, text, *_, **__):
        # It is told of what it is about to swallow, or of what it does not read itself.
        self.refused = sys.exc_info()[1] or ValueError(text)

    def writeresult(self, *_, **__):
        pass

    print_warnings = writeresult


if __name__ == "__main__":
    speak(Session)
