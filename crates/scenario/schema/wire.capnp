@0xb5d1f4a2c6e07913;
# What page and worker (and later page and native program) say to each other. A trace crosses inside `Done` as the bytes of
# its own message (crates/trace/schema/trace.capnp): one transfer, read where it lies, for data begins where a word does.

struct Asked {
  union {
    run @0 :Run;
    none @1 :Void;               # keeps the union open; nobody says it
    question @2 :Question;
  }
}

struct Run {
  text @0 :Text;                 # a scenario; its seed is in it
  trace @1 :Bool;                # whether the trace is wanted back
}

struct Question {                # answered by many runs, none of which comes back
  text @0 :Text;
  union {
    tip @1 :Void;                # the number that would have changed the outcome
    grid @2 :Pair;               # two axes of the text, by their places
    wish @3 :Guess;              # the world in which this is true
    futures @4 :UInt16;          # so many other seeds
    meaning @5 :Void;            # what the text means; nothing is run for it
    decided @6 :UInt16;          # from when on so many futures come to the same
    complete @7 :UInt32;         # what could stand at this byte
    explain @8 :UInt32;          # what stands there
    format @9 :Void;             # the text in order
    rename @10 :Rename;          # another name for a table
  }
}

struct Rename {
  at @0 :UInt32;                 # a byte within the present one
  name @1 :Text;
}

struct Guess {
  statement @0 :UInt32;          # of which statement, from 1
  words @1 :Text;
}

struct Pair {
  rows @0 :UInt16;
  columns @1 :UInt16;
}

struct Said {
  union {
    ready @0 :UInt16;            # the worker is there; the version of its model
    progress @1 :Progress;
    done @2 :Done;
    failed @3 :Text;             # nothing came of it: why
    told @4 :Told;
    spent @5 :Void;              # after its next answer it holds memory that nobody needs: another worker is to take over
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
  meaning @6 :Meaning;           # of the text with its outcomes
}

struct Told {
  union {
    nothing @0 :Void;
    tip @1 :Tip;
    grid @2 :Grid;
    wish @3 :Wish;
    futures @4 :Futures;
    meaning @5 :Meaning;
    decided @6 :Decided;
    words @7 :List(Word);
    change @8 :Choice;
  }
}

struct Decided {
  at @0 :UInt64;                 # microseconds of true time; 0: from the start, the largest number: not before the end
  of @1 :UInt16;                 # futures with other luck
}

struct Word {
  from @0 :UInt32;
  to @1 :UInt32;
  text @2 :Text;
  kind @3 :Text;                 # what it is, in a word or two
  help @4 :Text;
}

struct Meaning {
  runs @0 :Bool;                 # whether anything of it can run
  nodes @1 :UInt16;
  seed @2 :UInt64;
  at @3 :UInt64;                 # the event shown first, from 1; the largest number: none is named
  row @4 :Text;                  # the row shown first; empty: none is named
  clients @5 :List(Text);
  statements @6 :List(UInt32);   # from and to of each
  faults @7 :List(Fault);
}

struct Fault {
  from @0 :UInt32;
  to @1 :UInt32;
  line @2 :UInt32;               # from 1
  column @3 :UInt32;
  so @4 :Text;
  known @5 :Text;
  nearest @6 :Text;              # empty: none
  fix @7 :Edit;                  # null: none
}

struct Tip {
  what @0 :Text;                 # to follow "What if": the clock of api
  measure @1 :UInt8;             # its place in Measure::ALL
  from @2 :UInt32;               # its bytes
  to @3 :UInt32;
  lead @4 :Text;                 # put before it where the text does not say it yet
  value @5 :Int64;
  here @6 :Text;                 # what came of it, in few words
  sides @7 :List(Side);
}

struct Side {
  at @0 :Int64;
  words @1 :Text;
}

struct Edit {
  from @0 :UInt32;
  to @1 :UInt32;
  text @2 :Text;
}

struct Choice {
  label @0 :Text;
  edits @1 :List(Edit);
}

struct Wish {
  choice @0 :Choice;
  words @1 :Text;
}

struct Grid {
  axes @0 :List(Text);
  rows @1 :List(Choice);
  columns @2 :List(Choice);
  cells @3 :List(Cell);
  moral @4 :Text;
}

struct Cell {
  words @0 :Text;
  same @1 :Bool;
}

struct Futures {
  of @0 :UInt32;
  same @1 :UInt32;
  outcomes @2 :List(Text);
  counts @3 :List(UInt32);
}
