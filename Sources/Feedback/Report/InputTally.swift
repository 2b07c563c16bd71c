internal import Domain

/// The slices of all inputs while cases are counted. The first cases wait until there are enough of them to say where
/// an input's values are cut; cases come in the order of their identities, which is one of chance.
struct InputTally: Sendable {
  private static let sample = 1000

  private(set) var slicing: InputSlices?
  private var waiting: [Judged] = []
  private var tallies: [RawText: SliceTally] = [:]

  private struct Judged {
    var inputs: [JudgedView.Input]
    var isRight: Bool
    var reasons: [RawText]
  }

  mutating func add(_ inputs: [JudgedView.Input], _ isRight: Bool, reasons: [RawText]) {
    let judged = Judged(inputs: inputs, isRight: isRight, reasons: reasons)
    guard let slicing else {
      waiting.append(judged)
      if waiting.count >= Self.sample { settle() }
      return
    }
    count(judged, slicing)
  }

  /// Cuts at what has come.
  mutating func settle() {
    guard slicing == nil else { return }
    let cut = InputSlices(waiting.map(\.inputs))
    slicing = cut
    for judged in waiting { count(judged, cut) }
    waiting = []
  }

  private mutating func count(_ judged: Judged, _ slicing: InputSlices) {
    for (input, name) in slicing.names(judged.inputs) {
      tallies[input, default: SliceTally()].add(name, judged.isRight, reasons: judged.reasons)
    }
  }

  /// Of all inputs together: that many slices are compared at once, and those that differ by chance are sorted out
  /// among all of them.
  func slices(smallest: Int) -> [FeedbackSlice] {
    let counted = tallies.sorted { $0.key < $1.key }.flatMap { $0.value.counted }
    return FeedbackSlice.compared(counted, smallest: smallest)
  }
}
