internal import Domain
internal import Feedback
internal import Frames
internal import SafeText
internal import Statistics

/// The numbers of a report as they are written: what too few cases say is `·`.
struct ReportFigures {
  let report: FeedbackReport

  init(_ report: FeedbackReport) { self.report = report }

  /// `87 %`.
  func percent(_ share: Proportion?) -> SafeText {
    Numeral.percent(share.flatMap { report.shows($0.trials) ? $0.value : nil })
  }

  /// `85–89`: the interval in percent.
  func span(_ share: Proportion?) -> SafeText {
    span(share.flatMap { report.shows($0.trials) ? $0.wilson() : nil })
  }

  func span(_ range: ClosedRange<Double>?) -> SafeText {
    guard let range else { return Numeral.absent }
    let ends = [range.lowerBound, range.upperBound].map { Numeral.decimal($0 * 100, places: 0) }
    return ends[0] + "–" + ends[1]
  }

  /// `.68`, from so many cases.
  func decimal(_ value: Double?, of count: Int, places: Int = 2) -> SafeText {
    Numeral.decimal(report.shows(count) ? value : nil, places: places)
  }

  /// `14 s`; a time under ten seconds with a digit more.
  func seconds(_ value: Double?, of count: Int) -> SafeText {
    guard let value, report.shows(count) else { return Numeral.absent }
    return Numeral.decimal(value, places: value < 9.95 ? 1 : 0) + " s"
  }

  /// The accuracy of all cases by the drawn ones.
  var weighted: (share: SafeText, span: SafeText, count: SafeText) {
    guard let estimate = report.weightedAccuracy, report.shows(estimate.count) else {
      return (Numeral.absent, Numeral.absent, Numeral.count(report.weightedAccuracy?.count ?? 0))
    }
    return (Numeral.percent(estimate.mean), span(estimate.shareInterval()), Numeral.count(estimate.count))
  }

  /// Whether a bin claims what the interval of what was right does not hold.
  func isOff(_ bin: ReliabilityDiagram.Bin) -> Bool {
    guard report.shows(bin.count), let said = bin.confidence, let range = bin.proportion?.wilson() else { return false }
    return !range.contains(said)
  }

  /// `.8–.9`.
  func name(_ bin: ReliabilityDiagram.Bin) -> SafeText {
    Numeral.decimal(bin.lower, places: 1) + "–" + Numeral.decimal(bin.upper, places: 1)
  }

  /// A slice as people call it.
  func name(_ slice: FeedbackSlice, _ kind: SliceKind) -> SafeText {
    guard slice.name.isEmpty else { return kind == .version ? "v".safe + slice.name.safe : slice.name.safe }
    switch kind {
    case .sampler: return "opened, no queue"
    case .drift: return "no window seen"
    case .outlier: return "not scored"
    case .version: return "no version"
    case .answer, .analyst, .assistance, .week, .input: return "not known"
    }
  }

  /// `cases without a majority 3`: what is not in the numbers.
  var gaps: [SafeText] {
    let gaps = report.gaps
    let words: [(String, Int)] = [
      ("judgements redacted", gaps.withoutBody), ("judgements without what was seen", gaps.withoutView),
      ("cases without a majority", gaps.ties), ("cases left open", gaps.open),
      ("cases without an answer", gaps.withoutAnswer), ("wrong without a label", gaps.unnamed),
      ("cases answered with a number", gaps.numbers), ("without a probability", gaps.withoutProbability),
      ("not drawn for a queue", gaps.notDrawn), ("said differently on two devices", gaps.alternatives),
    ]
    return words.filter { $0.1 > 0 }.map { $0.0.safe + " " + Numeral.count($0.1) }
  }
}

extension SliceKind {
  /// The kind in a title: `right by answer`.
  var word: SafeText {
    switch self {
    case .answer: "answer"
    case .version: "version"
    case .analyst: "analyst"
    case .assistance: "what was shown"
    case .sampler: "sampler"
    case .drift: "drift"
    case .outlier: "outlier"
    case .week: "week"
    case .input: "input"
    }
  }
}
