internal import Domain
internal import Statistics

/// The slices of one kind while cases are counted.
struct SliceTally: Sendable {
  /// Slices of one kind that are told apart; further ones are counted together.
  private static let most = 1000
  private static let others: RawText = "(others)"

  private var parts: [RawText: Part] = [:]
  private var right = 0
  private var total = 0

  private struct Part {
    var right = 0
    var total = 0
    var reasons: [RawText: Int] = [:]
  }

  mutating func add(_ name: RawText, _ isRight: Bool, reasons: [RawText]) {
    total += 1
    if isRight { right += 1 }
    let key = parts.count < Self.most || parts[name] != nil ? name : Self.others
    parts[key, default: Part()].total += 1
    if isRight { parts[key, default: Part()].right += 1 }
    for reason in reasons { parts[key, default: Part()].reasons[reason, default: 0] += 1 }
  }

  /// By name, each compared with the rest.
  func slices(smallest: Int) -> [FeedbackSlice] { FeedbackSlice.compared(counted, smallest: smallest) }

  /// By name, not compared yet.
  var counted: [FeedbackSlice] {
    parts.sorted { $0.key < $1.key }.compactMap { name, part -> FeedbackSlice? in
      guard let here = Proportion(part.right, of: part.total),
        let rest = Proportion(right - part.right, of: total - part.total)
      else { return nil }
      let reason = part.reasons.max { $0.value == $1.value ? $0.key > $1.key : $0.value < $1.value }
      return FeedbackSlice(name: name, right: here, rest: rest, reason: reason?.key)
    }
  }
}
