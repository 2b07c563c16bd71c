public import Domain
internal import Feedback
internal import Frames
internal import SafeText

extension ModelsScreen {
  /// The cases of a model, an experiment or a pipeline that one of those answered who may.
  public struct Answered: Equatable, Sendable {
    /// `income_1`: the name of a model and its version, as the service tells it.
    public var by: RawText
    public var cases: Int
    /// By the label that was given; the rarest may be missing.
    public var labels: [RawText: Int]
    /// The analyst's own final judgements.
    public var verdicts: [Verdict: Int]

    public init(by: RawText, cases: Int, labels: [RawText: Int] = [:], verdicts: [Verdict: Int] = [:]) {
      self.by = by
      self.cases = cases
      self.labels = labels
      self.verdicts = verdicts
    }
  }

  /// The candidates of an experiment side by side: what each was to answer, what it did, and what the analyst said.
  struct Split {
    struct Side {
      var name: RawText
      /// Of the traffic, in hundredths, as the control plane has it; nil where nobody tells.
      var wanted: Int?
      var cases = 0
      var labels: [RawText: Int] = [:]
      var verdicts: [Verdict: Int] = [:]

      /// Judgements that say whether the answer is right.
      var judged: Int { (verdicts[.agree] ?? 0) + (verdicts[.disagree] ?? 0) }
    }

    var sides: [Side]
    /// Two sides on the same records, by the names of the sides.
    var comparisons: [AnswerComparison] = []

    var cases: Int { sides.reduce(0) { $0 + $1.cases } }
    var isEmpty: Bool { cases == 0 }

    /// The candidates in their order, then whoever else answered.
    init(_ experiment: Experiment?, _ facts: Facts) {
      sides = (experiment?.candidates ?? []).map { Side(name: $0.name, wanted: experiment?.percent(of: $0)) }
      for answered in facts.answered {
        let place = sides.firstIndex { Split.isVersion(answered.by, of: $0.name) }
        if place == nil { sides.append(Side(name: answered.by)) }
        let side = place ?? sides.count - 1
        sides[side].cases += answered.cases
        sides[side].labels.merge(answered.labels, uniquingKeysWith: +)
        sides[side].verdicts.merge(answered.verdicts, uniquingKeysWith: +)
      }
      // The newest versions of two candidates may have met on few records: the pair with the most stands for both.
      for comparison in facts.compared {
        guard let first = place(of: comparison.first), let second = place(of: comparison.second), first != second,
          !comparisons.contains(where: { Set([$0.first, $0.second]) == Set([sides[first].name, sides[second].name]) })
        else { continue }
        var named = comparison
        (named.first, named.second) = (sides[first].name, sides[second].name)
        comparisons.append(named)
      }
    }

    private func place(of answerer: RawText) -> Int? {
      sides.firstIndex { Split.isVersion(answerer, of: $0.name) }
    }

    /// Nil where there is nothing to set side by side: one candidate, or no answer that says whose it is.
    init?(of model: Model, _ facts: Facts) {
      var experiment: Experiment?
      if case .experiment(let found) = model.kind { experiment = found }
      self.init(experiment, facts)
      if isEmpty || sides.count < 2 { return nil }
    }

    /// Seldon names the version of a candidate behind an underscore.
    private static func isVersion(_ route: RawText, of candidate: RawText) -> Bool {
      if route == candidate { return true }
      guard route.bytes.starts(with: candidate.bytes) else { return false }
      let rest = route.bytes.dropFirst(candidate.bytes.count)
      guard rest.first == UInt8(ascii: "_"), rest.count > 1 else { return false }
      return rest.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
    }

    private func share(of side: Side) -> Double { Double(side.cases) / Double(max(1, cases)) }

    /// `agreed 30 of 33`; nothing where nothing was judged.
    private func agreement(with side: Side) -> SafeText {
      side.judged == 0 ? .empty : "agreed \(side.verdicts[.agree] ?? 0) of \(side.judged)".safe
    }

    /// `setosa 50% · versicolor 30%`.
    private func labels(of side: Side, limit: Int) -> SafeText {
      let sorted = side.labels.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
      return sorted.prefix(limit).map { label, count in
        label.safe + " " + Numeral.percent(Double(count) / Double(max(1, side.cases)))
      }.joined(separator: " · ")
    }

    /// All in one line: `income 70 %, got 61 % of 233, agreed 30 of 33 · ner 30 %, got 39 %`.
    var line: SafeText {
      sides.enumerated().map { index, side in
        let wanted = side.wanted.map { " \($0) %,".safe } ?? .empty
        let got = " got " + Numeral.percent(share(of: side)) + (index == 0 ? " of " + Numeral.count(cases) : .empty)
        let agreement = agreement(with: side)
        return side.name.safe + wanted + got + (agreement.isEmpty ? .empty : ", " + agreement)
      }.joined(separator: " · ")
    }

    /// What stands under a candidate's bar.
    private func lines(of side: Side, columns: Int) -> [SafeText] {
      let wanted = side.wanted.map { "\($0) % wanted".safe } ?? .empty
      let counts = [wanted, Numeral.count(side.cases) + " answered"].filter { !$0.isEmpty }.joined(separator: " · ")
      let facts = [counts, agreement(with: side)].filter { !$0.isEmpty }
      let whole = facts.joined(separator: " · ")
      let fits = whole.width <= columns - 2
      return ((fits ? [whole] : facts) + [labels(of: side, limit: 4)]).filter { !$0.isEmpty }
    }

    /// Each with its bar, what was wanted and what the analyst said, and its labels; gives the row below.
    func draw(_ rect: Rect, on frame: inout Frame) -> Int {
      let nameWidth = min(20, max(8, rect.columns / 3))
      let barWidth = max(0, rect.columns - nameWidth - 6)
      var row = rect.row
      let end = rect.row + rect.rows
      for side in sides where row < end {
        frame.write(side.name.safe, row: row, column: rect.column, limit: nameWidth - 1, style: .bold)
        frame.write(Bar.text(share(of: side), cells: barWidth), row: row, column: rect.column + nameWidth)
        frame.write(Numeral.percent(share(of: side)), row: row, endingAt: rect.column + rect.columns, limit: 5)
        row += 1
        for line in lines(of: side, columns: rect.columns) where row < end {
          frame.write(line, row: row, column: rect.column + 2, limit: rect.columns - 2, style: .dim)
          row += 1
        }
      }
      for comparison in comparisons {
        for line in comparison.lines(columns: rect.columns) where row < end {
          frame.write(line, row: row, column: rect.column, limit: rect.columns, style: .dim)
          row += 1
        }
      }
      return row
    }

    /// The same as a table.
    var section: Outline.Section {
      let all = Set(sides.flatMap(\.labels.keys)).sorted()
      let lines = sides.map { side in
        var parts = [side.name.safe + " " + Numeral.count(side.cases) + " answered", Numeral.percent(share(of: side))]
        if let wanted = side.wanted { parts.append("\(wanted) % wanted".safe) }
        if side.judged > 0 { parts.append(agreement(with: side)) }
        if !side.labels.isEmpty { parts.append(labels(of: side, limit: all.count)) }
        return parts.joined(separator: ", ").text
      }
      return Outline.Section("answered by", lines: lines + comparisons.map { $0.words.text })
    }
  }
}
