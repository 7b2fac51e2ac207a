// The Java adapter: one JSON line in, one out. It asks once, at one node, and prints no value: types and raw bytes go out as they came.

// In a package, for the driver finds a class without one only among its own.
package adapter;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.NodeUnavailableException;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.connection.BusyConnectionException;
import com.datastax.oss.driver.api.core.context.DriverContext;
import com.datastax.oss.driver.api.core.cql.ColumnDefinition;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.api.core.loadbalancing.NodeDistance;
import com.datastax.oss.driver.api.core.retry.RetryDecision;
import com.datastax.oss.driver.api.core.retry.RetryPolicy;
import com.datastax.oss.driver.api.core.servererrors.AlreadyExistsException;
import com.datastax.oss.driver.api.core.servererrors.BootstrappingException;
import com.datastax.oss.driver.api.core.servererrors.CASWriteUnknownException;
import com.datastax.oss.driver.api.core.servererrors.CDCWriteFailureException;
import com.datastax.oss.driver.api.core.servererrors.CoordinatorException;
import com.datastax.oss.driver.api.core.servererrors.FunctionFailureException;
import com.datastax.oss.driver.api.core.servererrors.InvalidConfigurationInQueryException;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.datastax.oss.driver.api.core.servererrors.OverloadedException;
import com.datastax.oss.driver.api.core.servererrors.ProtocolError;
import com.datastax.oss.driver.api.core.servererrors.QueryConsistencyException;
import com.datastax.oss.driver.api.core.servererrors.ReadFailureException;
import com.datastax.oss.driver.api.core.servererrors.ReadTimeoutException;
import com.datastax.oss.driver.api.core.servererrors.SyntaxError;
import com.datastax.oss.driver.api.core.servererrors.TruncateException;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import com.datastax.oss.driver.api.core.servererrors.UnavailableException;
import com.datastax.oss.driver.api.core.servererrors.WriteFailureException;
import com.datastax.oss.driver.api.core.servererrors.WriteTimeoutException;
import com.datastax.oss.driver.api.core.servererrors.WriteType;
import com.datastax.oss.driver.api.core.session.Request;
import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.ListType;
import com.datastax.oss.driver.api.core.type.MapType;
import com.datastax.oss.driver.api.core.type.SetType;
import com.datastax.oss.driver.api.core.type.TupleType;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import com.datastax.oss.driver.internal.core.loadbalancing.BasicLoadBalancingPolicy;
import com.datastax.oss.driver.internal.core.time.AtomicTimestampGenerator;
import com.datastax.oss.protocol.internal.util.Bytes;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

public final class Main {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Every exception of a server's, and the code that it came as: the driver keeps only the class. */
  private static final Map<Class<?>, Integer> CODES = new LinkedHashMap<>();

  static {
    CODES.put(ProtocolError.class, 0x000A);
    CODES.put(UnavailableException.class, 0x1000);
    CODES.put(OverloadedException.class, 0x1001);
    CODES.put(BootstrappingException.class, 0x1002);
    CODES.put(TruncateException.class, 0x1003);
    CODES.put(WriteTimeoutException.class, 0x1100);
    CODES.put(ReadTimeoutException.class, 0x1200);
    CODES.put(ReadFailureException.class, 0x1300);
    CODES.put(FunctionFailureException.class, 0x1400);
    CODES.put(WriteFailureException.class, 0x1500);
    CODES.put(CDCWriteFailureException.class, 0x1600);
    CODES.put(CASWriteUnknownException.class, 0x1700);
    CODES.put(SyntaxError.class, 0x2000);
    CODES.put(UnauthorizedException.class, 0x2100);
    CODES.put(InvalidQueryException.class, 0x2200);
    CODES.put(InvalidConfigurationInQueryException.class, 0x2300);
    CODES.put(AlreadyExistsException.class, 0x2400);
  }

  public static void main(String[] args) throws IOException {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(System.out, true, "UTF-8");
    // What the driver's logging has to say of itself is no answer.
    System.setErr(new PrintStream(PrintStream.nullOutputStream()));
    CqlSession session = null;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      ObjectNode said;
      try {
        JsonNode asked = JSON.readTree(line);
        if (asked.hasNonNull("connect")) {
          if (session != null) {
            session.close();
            session = null;
          }
          session = connect(asked.get("connect"));
          said = JSON.createObjectNode().put("ok", true);
        } else if (session == null) {
          said = JSON.createObjectNode().put("client", "NoHost").put("said", "there is no session");
        } else {
          said = ask(session, asked);
        }
      } catch (IOException error) {
        said = JSON.createObjectNode().put("client", "Adapter").put("said", error.toString());
      } catch (RuntimeException error) {
        said = failed(error);
      }
      out.println(JSON.writeValueAsString(said));
    }
    if (session != null) {
      session.close();
    }
  }

  private static CqlSession connect(JsonNode to) {
    InetSocketAddress only = new InetSocketAddress(to.get("host").asText(), to.get("port").asInt());
    DriverConfigLoader config =
        DriverConfigLoader.programmaticBuilder()
            .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, TIMEOUT)
            .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, TIMEOUT)
            .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, TIMEOUT)
            // One node, as the scenario names it, and no second try: what the server says is the outcome.
            .withClass(DefaultDriverOption.RETRY_POLICY_CLASS, Once.class)
            .withClass(DefaultDriverOption.LOAD_BALANCING_POLICY_CLASS, BasicLoadBalancingPolicy.class)
            // Who reads its schema waits a second for more changes to it.
            .withDuration(DefaultDriverOption.METADATA_SCHEMA_WINDOW, Duration.ofMillis(1))
            .withBoolean(DefaultDriverOption.REQUEST_WARN_IF_SET_KEYSPACE, false)
            .withClass(DefaultDriverOption.TIMESTAMP_GENERATOR_CLASS, Stamps.class)
            .build();
    String keyspace = to.path("keyspace").asText("");
    return CqlSession.builder()
        .withConfigLoader(config)
        .addContactPoint(only)
        .withNodeDistanceEvaluator(
            (node, dc) -> node.getEndPoint().resolve().equals(only) ? null : NodeDistance.IGNORED)
        .withKeyspace(keyspace.isEmpty() ? null : "\"" + keyspace.replace("\"", "\"\"") + "\"")
        .build();
  }

  /** A type as CQL writes it; a type that a user defined, with its fields. */
  private static String typeName(DataType type) {
    if (type instanceof UserDefinedType) {
      UserDefinedType udt = (UserDefinedType) type;
      StringBuilder fields = new StringBuilder();
      for (int i = 0; i < udt.getFieldNames().size(); i++) {
        fields.append(i == 0 ? "" : ", ").append(udt.getFieldNames().get(i).asCql(false));
        fields.append(' ').append(typeName(udt.getFieldTypes().get(i)));
      }
      return udt.getName().asCql(false) + "(" + fields + ")";
    }
    if (type instanceof ListType) {
      ListType list = (ListType) type;
      return "list<" + typeName(list.getElementType()) + ">";
    }
    if (type instanceof SetType) {
      SetType set = (SetType) type;
      return "set<" + typeName(set.getElementType()) + ">";
    }
    if (type instanceof MapType) {
      MapType map = (MapType) type;
      return "map<" + typeName(map.getKeyType()) + ", " + typeName(map.getValueType()) + ">";
    }
    if (type instanceof TupleType) {
      TupleType tuple = (TupleType) type;
      StringBuilder parts = new StringBuilder();
      for (DataType part : tuple.getComponentTypes()) {
        parts.append(parts.isEmpty() ? "" : ", ").append(typeName(part));
      }
      return "tuple<" + parts + ">";
    }
    return type.asCql(false, true);
  }

  private static ObjectNode ask(CqlSession session, JsonNode asked) {
    SimpleStatement statement =
        SimpleStatement.newInstance(asked.get("cql").asText())
            .setConsistencyLevel(level(asked, "consistency"))
            .setSerialConsistencyLevel(level(asked, "serial"))
            .setPageSize(asked.path("page").asInt(0));
    if (asked.hasNonNull("timestamp")) {
      statement = statement.setQueryTimestamp(asked.get("timestamp").asLong());
    }
    Stamps.silent = asked.path("unstamped").asBoolean(false);
    ResultSet result = session.execute(statement);
    ObjectNode answer = JSON.createObjectNode();
    if (result.getColumnDefinitions().size() > 0) {
      ArrayNode columns = answer.putArray("columns");
      for (ColumnDefinition column : result.getColumnDefinitions()) {
        columns.addArray().add(column.getName().asInternal()).add(typeName(column.getType()));
      }
      ArrayNode rows = answer.putArray("rows");
      for (Row row : result) {
        ArrayNode values = rows.addArray();
        for (int i = 0; i < row.size(); i++) {
          ByteBuffer bytes = row.getBytesUnsafe(i);
          values.add(bytes == null ? null : Bytes.toHexString(bytes).substring(2));
        }
      }
    }
    return answer.put("done", true);
  }

  private static ConsistencyLevel level(JsonNode asked, String name) {
    String text = asked.path(name).asText("");
    return text.isEmpty() ? null : DefaultConsistencyLevel.valueOf(text);
  }

  private static ObjectNode failed(Throwable error) {
    if (error instanceof AllNodesFailedException) {
      // One node was asked: what it met is what there is to say.
      for (List<Throwable> errors : ((AllNodesFailedException) error).getAllErrors().values()) {
        return failed(errors.get(0));
      }
    }
    if (error instanceof CoordinatorException) {
      return JSON.createObjectNode().set("error", server((CoordinatorException) error));
    }
    Throwable cause = error instanceof NodeUnavailableException ? error.getCause() : error;
    String kind = "NoHost";
    if (error instanceof DriverTimeoutException) {
      kind = "Timeout";
    } else if (error instanceof BusyConnectionException || cause instanceof BusyConnectionException) {
      kind = "Busy";
    }
    return JSON.createObjectNode().put("client", kind).put("said", error.toString());
  }

  private static ObjectNode server(CoordinatorException error) {
    ObjectNode said = JSON.createObjectNode();
    said.put("code", CODES.getOrDefault(error.getClass(), 0)).put("message", error.getMessage());
    if (error instanceof UnavailableException) {
      UnavailableException unavailable = (UnavailableException) error;
      said.put("consistency", unavailable.getConsistencyLevel().name());
      said.put("required", unavailable.getRequired()).put("alive", unavailable.getAlive());
    } else if (error instanceof QueryConsistencyException) {
      QueryConsistencyException short_ = (QueryConsistencyException) error;
      said.put("consistency", short_.getConsistencyLevel().name());
      said.put("received", short_.getReceived()).put("required", short_.getBlockFor());
    } else if (error instanceof AlreadyExistsException) {
      // "Object KEYSPACE.TABLE already exists": the driver gives the names nowhere else.
      String[] words = error.getMessage().split(" ");
      String[] names = words.length > 1 ? words[1].split("\\.", 2) : new String[0];
      said.put("keyspace", names.length > 0 ? names[0] : "").put("table", names.length > 1 ? names[1] : "");
    }
    if (error instanceof WriteTimeoutException) {
      said.put("write_type", ((WriteTimeoutException) error).getWriteType().name());
    } else if (error instanceof ReadTimeoutException) {
      said.put("data", ((ReadTimeoutException) error).wasDataPresent());
    }
    return said;
  }

  /** The driver's own generator, which can be told to say nothing; a session has one for all its statements. */
  public static final class Stamps extends AtomicTimestampGenerator {
    static volatile boolean silent;

    public Stamps(DriverContext context) {
      super(context);
    }

    @Override
    public long next() {
      return silent ? Statement.NO_DEFAULT_TIMESTAMP : super.next();
    }
  }

  /** Asks once. */
  public static final class Once implements RetryPolicy {
    public Once(DriverContext context, String profile) {}

    @Override
    public RetryDecision onReadTimeout(
        Request request, ConsistencyLevel level, int required, int received, boolean data, int retries) {
      return RetryDecision.RETHROW;
    }

    @Override
    public RetryDecision onWriteTimeout(
        Request request, ConsistencyLevel level, WriteType type, int required, int received, int retries) {
      return RetryDecision.RETHROW;
    }

    @Override
    public RetryDecision onUnavailable(
        Request request, ConsistencyLevel level, int required, int alive, int retries) {
      return RetryDecision.RETHROW;
    }

    @Override
    public RetryDecision onRequestAborted(Request request, Throwable error, int retries) {
      return RetryDecision.RETHROW;
    }

    @Override
    public RetryDecision onErrorResponse(Request request, CoordinatorException error, int retries) {
      return RetryDecision.RETHROW;
    }

    @Override
    public void close() {}
  }
}
