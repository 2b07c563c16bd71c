public import Domain

/// Cases of the ledger that windows are compared with, in place of the reference that the detector was trained on.
public struct DriftBaseline: Hashable, Sendable {
  /// Event time in [from, to).
  public var from: Timestamp
  public var to: Timestamp
  /// The tool whose tests and limits are used.
  public var rules: DriftRules

  public init(from: Timestamp, to: Timestamp, rules: DriftRules = .alibi) {
    self.from = from
    self.to = to
    self.rules = rules
  }

  /// `cases of Sat 21 06–12Z`, or of a longer time by its days.
  var title: String {
    let window = Window(model: ModelID(""), from: from, to: to, count: 0)
    guard to.seconds(since: from) > 86_400 else { return "cases of \(window.titleText)" }
    return "cases of \(from.dayText) to \(to.dayText)"
  }
}

/// The tool whose rules a comparison follows, so that its numbers can be held against that tool's.
public enum DriftRules: String, Hashable, Sendable, CaseIterable {
  case alibi, evidently, nannyml, whylogs

  /// The rules after these, round and round.
  var next: DriftRules {
    let all = DriftRules.allCases
    return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
  }
}

extension Domain.FeatureDrift {
  /// What features are sorted by: p, and for a distance whether it reaches its limit.
  var rank: Double { pValue.isNaN ? (isDrifted ? 0 : 1) : pValue }
}
