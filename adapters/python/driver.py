"""The drivers' adapter: it asks once, at one node.

One file for two drivers, cassandra-driver and scylla-driver: both are called `cassandra` when imported, so each has an environment of
its own (requirements.cassandra.txt, requirements.scylla.txt).
"""

from cassandra import ConsistencyLevel
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile
from cassandra.policies import FallthroughRetryPolicy, WhiteListRoundRobinPolicy
from cassandra.query import SimpleStatement

from line import TIMEOUT, Handler, dated, every_page, speak


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
            self.session = self.cluster.connect(keyspace)
        except BaseException:
            self.cluster.shutdown()
            raise
        self.session.client_protocol_handler = Handler
        self.stamps = self.cluster.timestamp_generator

    def close(self):
        self.cluster.shutdown()

    def ask(self, asked):
        dated(self.session, self.stamps, asked)
        serial = asked.get("serial")
        statement = SimpleStatement(
            asked["cql"],
            consistency_level=ConsistencyLevel.name_to_value[asked["consistency"]],
            serial_consistency_level=ConsistencyLevel.name_to_value[serial] if serial else None,
            fetch_size=asked.get("page") or None,
        )
        return every_page(self.session.execute(statement))


if __name__ == "__main__":
    speak(Session)
