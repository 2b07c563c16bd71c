public import Domain
internal import Export
internal import Feedback

/// What the right answer to a case may be, as far as the log shows the case.
public struct CaseAnswers: Sendable {
  /// How the model answers; nil where the log has no view of the case that tells.
  public enum Kind: Hashable, Sendable { case label, number }

  public private(set) var kind: Kind?
  /// The classes of the newest view, then what analysts named beside them.
  public private(set) var labels: [RawText] = []

  public init(of caseID: ShortHash, in database: CollectorDatabase) throws {
    let log = try CollectorLog(database)
    guard let body = try log.newestView(of: caseID)?.decoded(), case .seen(let seen) = body.payload else { return }
    switch seen.output.answer {
    case .classes(let classes, _):
      kind = .label
      labels = classes.map(\.label)
    case .value: kind = .number
    case .opaque: return
    }
    for entry in try log.judgements(of: caseID) {
      guard let body = try? entry.event.decoded(), case .judgement(let said) = Statement(body.payload),
        let label = said.judgement.label, !labels.contains(label)
      else { continue }
      labels.append(label)
    }
  }
}
