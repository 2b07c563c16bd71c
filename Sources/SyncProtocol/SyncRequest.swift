public import Feedback

/// One question to the collector; at most one of a stream is under way.
public enum SyncRequest: Hashable, Sendable {
  case hello
  case open(StreamID)
  case hashes(StreamID, at: [Int])
  case push(EventBatch)
}

/// Why no usable answer came.
public enum SyncFailure: Hashable, Sendable {
  /// No connection: no name, refused, cut.
  case unreachable(String)
  /// Whoever answers there has no certificate to trust.
  case untrusted(String)
  case timeout
  /// Something answered that is not the collector, such as a login page.
  case portal
  /// The collector's answer could not be read.
  case garbled(String)
  /// Too busy, or broken: its status and its own words.
  case busy(status: Int, String)
  /// It asks for a newer mds than this one: nothing is offered before one of the two is another.
  case outdated(own: ProgramVersion, wanted: ProgramVersion)
}

/// Why going on by itself is pointless until a person acts.
public enum SyncStop: Hashable, Sendable {
  /// The token is unknown, revoked or expired.
  case unauthorized
  /// Nothing was asked: there is no token to show, or others can read its file. In words why.
  case noToken(String)
  /// Nothing was asked: the address, or a file that the context names, cannot be used. In words why.
  case unusable(String)
  /// The token does not allow it, or the stream is another analyst's.
  case forbidden(Refusal)
  /// Another collector answers at this address.
  case otherCollector(found: String)
  /// It speaks no version of the protocol that we do.
  case protocolVersion([Int])
  /// Its epoch is lower than one that it had before: its database is an old copy.
  case epochWentBack(from: Int, to: Int)
  /// It refuses what it should take.
  case refused(status: Int, Refusal)
}

/// How a round of syncing ended.
public enum SyncOutcome: Hashable, Sendable {
  /// Everything is received.
  case caughtUp
  /// To be tried again after so many milliseconds.
  case waiting(milliseconds: Int, SyncFailure)
  case stopped(SyncStop)
}
