public import Domain

/// One exchange with the collector, as far as it came.
public struct Exchange: Equatable, Sendable {
  public var sent: Int
  public var received: Int
  public var fetched: Int
  /// Why it is not finished; nil where it is.
  public var problem: Problem?

  public init(sent: Int, received: Int, fetched: Int, problem: Problem? = nil) {
    self.sent = sent
    self.received = received
    self.fetched = fetched
    self.problem = problem
  }
}
