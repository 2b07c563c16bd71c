public import Domain

/// What of a log an export has that is not the whole of it.
public struct ExportPart: Hashable, Sendable {
  /// The place where an earlier export ended.
  public var after: String?
  /// The time that it begins at.
  public var since: Timestamp?

  /// nil where it is the whole.
  public init?(after: String? = nil, since: Timestamp? = nil) {
    guard after != nil || since != nil else { return nil }
    self.after = after
    self.since = since
  }

  /// For people, as a sentence.
  func words(_ format: ExportFormat) -> String {
    let bounds = [after.map { "after the place \($0) (`--after`)" }, since.map { "from \($0) on (`--since`)" }]
    let beside =
      switch format {
      case .events: ""
      case .argilla, .labelStudio:
        ", and of before what it touches, each case whole: it takes the place of the one of before"
      case .jsonl, .csv, .parquet, .prodigy, .seldonFeedback:
        ", and of before what reads otherwise since: it takes the place of what has its `event_id`"
      }
    return "A part of the log: what came \(bounds.compactMap(\.self).joined(separator: ", and "))\(beside)."
  }

  /// For programs.
  var json: JSON {
    var members: [JSON.Member] = []
    members.put("after", after.map(JSON.text))
    members.put("since", since.map { .text($0.description) })
    return .object(members)
  }
}
