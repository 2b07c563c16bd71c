public import Domain
public import Feedback

/// A queue that researchers published and the analyst took: cases that can be reviewed without the network.
public struct TakenQueue: Hashable, Sendable, Identifiable {
  /// A record of it, as a case.
  public struct Item: Hashable, Sendable {
    /// Its line in the queue's file, from 1 on.
    public var position: Int
    public var caseID: ShortHash
    /// What the researchers ranked it by, 0 to 1.
    public var score: Double
    /// The probability, over 0 and at most 1, with which it was drawn.
    public var propensity: Double

    public init(position: Int, caseID: ShortHash, score: Double, propensity: Double) {
      self.position = position
      self.caseID = caseID
      self.score = score
      self.propensity = propensity
    }
  }

  /// The identity of the item that published it.
  public var id: RawText
  public var name: RawText
  public var queue: PublishedQueue
  public var takenAt: Timestamp
  /// When its last record had become a case; nil where taking it was cut short.
  public var finishedAt: Timestamp?
  /// Its cases, and how many of them the analyst has judged.
  public var cases: Int
  public var judged: Int
}
