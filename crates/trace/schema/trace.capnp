@0x9369c69aa3f403f1;
# A trace as it crosses from worker to page and from page to file: the columns that it is made of in memory, so that the
# receiver reads them in place. All event columns are equally long. What `kind`, `a`, `b` and `c` mean is said by
# `src/trace.rs` (encode) and `src/log.rs` (fact); numbers are in `src/kind.rs`.

struct Trace {
  version @0 :UInt16;          # of the meaning of the columns; a reader knows exactly one
  epoch @1 :Int64;             # Unix microseconds at which the run begins
  machines @2 :List(Machine);

  at @3 :List(UInt64);         # microseconds of true time since the epoch, never decreasing
  own @4 :List(Int64);         # Unix microseconds by that machine's own clock
  who @5 :List(UInt16);
  kind @6 :Data;               # a byte for each event
  cause @7 :List(UInt32);      # an earlier event, or 0xffff_ffff
  a @8 :List(UInt64);
  b @9 :List(UInt32);
  c @10 :List(UInt32);

  texts @11 :Strings;          # statements as written
  places @12 :Strings;         # tables and partitions
  blobs @13 :Strings;          # mutations and other payloads, each once

  scylla @14 :Bool;            # whose rules break ties between cells; else Cassandra's
}

struct Strings {
  bytes @0 :Data;              # one after the other
  ends @1 :List(UInt32);       # where each ends
}

struct Machine {
  id @0 :UInt16;
  client @1 :Bool;             # else a node
  name @2 :Text;
  about @3 :Text;
  token @4 :Int64;             # of a node, when hasToken
  hasToken @5 :Bool;
  clock @6 :Clock;
}

struct Clock {
  epoch @0 :Int64;             # Unix microseconds
  offset @1 :Int64;            # microseconds ahead of true time
  driftPpm @2 :Int64;
  stepBy @3 :Int64;            # microseconds
  stepEvery @4 :UInt64;        # microseconds; 0: it does not step
  resolution @5 :UInt32;       # microseconds
}
