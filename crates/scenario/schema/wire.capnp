@0xb5d1f4a2c6e07913;
# What page and worker (and later page and native program) say to each other. A trace crosses inside `Done` as the bytes of
# its own message (crates/trace/schema/trace.capnp): one transfer, read where it lies, for data begins where a word does.

struct Asked {
  union {
    run @0 :Run;
    none @1 :Void;               # keeps the union open; nobody says it
  }
}

struct Run {
  text @0 :Text;                 # a scenario; its seed is in it
  trace @1 :Bool;                # whether the trace is wanted back
}

struct Said {
  union {
    ready @0 :UInt16;            # the worker is there; the version of its model
    progress @1 :Progress;
    done @2 :Done;
    failed @3 :Text;             # nothing came of it: why
  }
}

struct Progress {
  done @0 :UInt32;               # steps
  steps @1 :UInt32;              # in all
  events @2 :UInt64;             # so far
  now @3 :UInt64;                # virtual time, microseconds
}

struct Done {
  text @0 :Text;                 # with its outcomes
  stopped @1 :Text;              # why the run ended early; empty: it did not
  line @2 :UInt32;               # where it ended early, from 1; else 0
  digest @3 :Text;               # hexadecimal
  outcomes @4 :List(UInt16);     # a short digest for each statement's outcome, as in a link
  trace @5 :Data;                # empty: not wanted
}
