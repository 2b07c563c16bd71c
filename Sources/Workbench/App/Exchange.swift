public import Domain

/// One exchange with the collector, as far as it came.
public struct Exchange: Equatable, Sendable {
  public var sent: Int
  public var received: Int
  public var fetched: Int
  /// Why it is not finished; nil where it is.
  public var problem: Problem?
  /// Whether it is not tried again before somebody acts.
  public var needsAnalyst: Bool
  /// Whether another session of the analyst's was at it: nothing was done here.
  public var isElsewhere: Bool
  /// Events that stay here, because the token only reads.
  public var staysHere: Int

  public init(
    sent: Int, received: Int, fetched: Int, problem: Problem? = nil, needsAnalyst: Bool = false,
    isElsewhere: Bool = false, staysHere: Int = 0
  ) {
    self.staysHere = staysHere
    self.sent = sent
    self.received = received
    self.fetched = fetched
    self.problem = problem
    self.needsAnalyst = needsAnalyst
    self.isElsewhere = isElsewhere
  }

  /// `12 sent, 12 received, 31 fetched`. What was refused, or got no answer, is no more than offered.
  public static func counts(sent: Int, received: Int, fetched: Int) -> String {
    "\(sent) \(Exchange.sent(sent, received: received)), \(received) received, \(fetched) fetched"
  }

  private static func sent(_ sent: Int, received: Int) -> String { received < sent ? "offered" : "sent" }

  /// How it went, for whoever asked for it.
  var message: Message {
    if isElsewhere { return Message(.notice, "another session of yours is syncing") }
    if let problem { return Message(.failed, problem.summary) }
    let counts = [(sent, Exchange.sent(sent, received: received)), (received, "received"), (fetched, "fetched")].filter
    { $0.0 > 0 }
    let words = counts.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    if staysHere > 0 {
      let events = staysHere == 1 ? "1 event stays" : "\(staysHere) events stay"
      return Message(.notice, "the token only reads: \(events) here")
    }
    return Message(.done, "synced: " + (words.isEmpty ? "nothing new" : words))
  }
}
