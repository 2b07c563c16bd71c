public import Domain

/// What a published queue is called. Each analyst that it is for has it under an identity of its own; this is the same for all.
public struct QueueName: Hashable, Sendable {
  /// The name that it was published under.
  public var name: RawText
  /// Counts what was published under the name, from 1 on: another one took the place of the one before.
  public var version: Int

  public init(name: RawText, version: Int) {
    self.name = name
    self.version = version
  }
}
