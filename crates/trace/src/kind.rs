//! The numbers of facts and messages in their columns. They are part of the wire: add, never renumber within a version.

macro_rules! numbered {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $number:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum $name { $($(#[$each])* $variant = $number,)* }

        impl $name {
            /// The one with this number.
            #[must_use]
            pub const fn of(number: u8) -> Option<$name> {
                match number {
                    $($number => Some($name::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

numbered! {
    /// Which fact an event is, without what it says: what filters and indexes look at.
    #[allow(missing_docs, reason = "each is the Fact of the same name")]
    Kind {
        Submit = 0,
        Stamp = 1,
        AnswerVoid = 2,
        AnswerRows = 3,
        AnswerError = 4,
        Send = 5,
        Receive = 6,
        Lost = 7,
        Delayed = 8,
        Duplicated = 9,
        Reordered = 10,
        Apply = 11,
        Read = 12,
        Mismatch = 13,
        Hint = 14,
        Timeout = 15,
        Unavailable = 16,
        Flush = 17,
        Compact = 18,
        Replace = 19,
        Truncate = 20,
        Replay = 21,
        Repair = 22,
        Kill = 23,
        Power = 24,
        Start = 25,
        Pause = 26,
        Resume = 27,
        Clock = 28,
        Cut = 29,
        Heal = 30,
        Rule = 31,
        Convict = 32,
        Revive = 33,
        Schema = 34,
        Advance = 35,
        Note = 36,
        Order = 37,
        Paxos = 38,
    }
}

numbered! {
    /// Which message a Send is.
    #[allow(missing_docs, reason = "each is the Message of the same name")]
    Said {
        Request = 0,
        Reply = 1,
        Mutation = 2,
        Hint = 3,
        Repair = 4,
        BatchLog = 5,
        Ack = 6,
        Failure = 7,
        Data = 8,
        Digest = 9,
        Full = 10,
        Rows = 11,
        DigestReply = 12,
        Schema = 13,
        Stream = 14,
        Prepare = 15,
        Promise = 16,
        Propose = 17,
        Accept = 18,
        Commit = 19,
        Truncate = 20,
    }
}
