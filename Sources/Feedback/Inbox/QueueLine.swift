public import Domain

/// A line of a published queue's file: a prediction line, or its inputs alone, and how likely it was to be drawn.
public struct QueueLine: Hashable, Sendable {
  /// The whole line; what is known of the record's answer beside the record.
  public var json: JSON
  /// The probability, over 0 and at most 1, with which the record was drawn.
  public var propensity: Double
  /// What it was ranked by, 0 to 1; 0 where it was not.
  public var score: Double

  /// What the line calls its record; empty where it has no name for it. A record file names its records by `id`, as
  /// `mds infer` reads it.
  public var sourceID: RawText
  /// The model that it is a record of.
  public var model: ModelID

  /// What makes two lines one case at the analyst's, whatever their records are.
  public struct Name: Hashable, Sendable {
    var sourceID: RawText
    var model: ModelID
  }

  /// nil where the record itself is all that tells.
  public var name: Name? { sourceID.isEmpty ? nil : Name(sourceID: sourceID, model: model) }

  /// Reads a line of a queue of a model, which stands in where the line names none; throws what is wrong with it.
  public init(bytes: [UInt8], of model: ModelID) throws(EventBodyError) {
    json = try EventBody.parse(bytes)
    guard json.members != nil else { throw EventBodyError("it is no JSON object") }
    // The rest of it as the analyst's tool reads it. That one knows the time where the line has none.
    let read = try ReadPrediction(json, model: model.name, at: Timestamp(microseconds: 0), needsAnswer: false)
    self.model = read.model.name == model.name && read.model.version == nil ? model : read.model
    sourceID = read.sourceID
    if sourceID.isEmpty { sourceID = ReadPrediction.name(json["id"]) ?? "" }
    propensity = try json.optionalDouble("propensity") ?? 1
    score = try json.optionalDouble("score") ?? 0
    guard propensity > 0, propensity <= 1 else {
      throw EventBodyError("propensity is \(propensity); it is over 0 and at most 1")
    }
    guard (0...1).contains(score) else { throw EventBodyError("score is \(score); it is from 0 to 1") }
  }

  /// The line with another chance.
  public func drawn(with propensity: Double) -> QueueLine {
    var line = self
    line.propensity = propensity
    line.json = .object(
      (json.members ?? []).filter { $0.key != "propensity" } + [.init("propensity", .exact(propensity))])
    return line
  }

  /// The most lines that a queue has.
  public static let most = 20_000
}
