internal import Domain
public import Feedback
internal import Frames
internal import SafeText
internal import Statistics

extension FeedbackScreen {
  static func read(_ state: State) -> Outline {
    guard let content = state.content.value else {
      return Outline("Feedback", [Outline.Section("", lines: [state.content.problem?.summary ?? "not counted yet"])])
    }
    var outline = outline(of: content.report, slices: [state.kind])
    if let slice = state.selected,
      let index = outline.sections.firstIndex(where: { $0.title == "Right by \(state.kind.word.text)" })
    {
      let name = shown(ReportFigures(content.report).name(slice, state.kind), state.kind)
      outline.sections[index].selected = outline.sections[index].rows.firstIndex { $0.first == name }
    }
    return outline
  }

  /// A report as text: the same numbers as the screen's, in tables of at most 80 columns.
  public static func outline(of report: FeedbackReport, slices kinds: [SliceKind]) -> Outline {
    let figures = ReportFigures(report)
    let version = report.query.version.map { " v" + $0.safe.text } ?? ""
    let title = "Feedback on " + (report.query.model.map { name($0) + version } ?? "all models")
    guard report.cases > 0 else {
      return Outline(title, [Outline.Section("", lines: ["no judgement"] + figures.gaps.map(\.text))])
    }
    var sections = [
      Outline.Section("", columns: ["", "SHARE", "95 %", "N", "WHAT"], rows: shares(figures)), trend(figures),
      confusion(figures), calibration(figures), agreement(figures), reliance(figures), analysts(figures),
    ]
    sections += kinds.map { slices(figures, $0) }
    if kinds.contains(.version), let compared = compared(report) { sections.append(compared) }
    let gaps = FeedbackPanels.lines(figures.gaps, columns: 76).map(\.text)
    if !gaps.isEmpty { sections.append(Outline.Section("Not in these numbers", lines: gaps)) }
    return Outline(title, sections)
  }

  /// A name as a table has room for it.
  private static func name(_ text: RawText) -> String { text.safe.cut(to: 24).text }

  private static func shares(_ figures: ReportFigures) -> [[String]] {
    let report = figures.report
    let drawn = figures.weighted
    let judges = "the analysts' majority says so"
    let truth = report.adjudicated == 0 ? judges : judges + "; of \(report.adjudicated) a decision"
    func row(_ name: String, _ share: Proportion?, _ what: String) -> [String] {
      [name, figures.percent(share).text, figures.span(share).text, Numeral.count(share?.trials ?? 0).text, what]
    }
    return [
      row("right", report.accuracy, truth),
      ["right, all cases", drawn.share.text, drawn.span.text, drawn.count.text, "weighted by chances of the draw"],
      row("right, blind", report.blindAccuracy, "by answers from before its own"),
      row("answered blind", report.blind, "judgements with such answers"),
    ]
  }

  private static func trend(_ figures: ReportFigures) -> Outline.Section {
    let (width, buckets) = TrendBucket.buckets(figures.report, atMost: 12)
    let rows = buckets.map { bucket in
      [
        bucket.name, figures.percent(bucket.share).text, figures.span(bucket.share).text,
        Numeral.count(bucket.count).text,
      ]
    }
    return Outline.Section("Right by \(width.rawValue)", columns: ["FROM", "RIGHT", "95 %", "N"], rows: rows)
  }

  private static func confusion(_ figures: ReportFigures) -> Outline.Section {
    let matrix = figures.report.confusion
    let total = matrix.total
    let sums: [(String, Double?)] = [
      ("κ", CohenKappa(matrix)?.value), ("balanced accuracy", matrix.balancedAccuracy), ("macro F1", matrix.macroF1),
    ]
    let words = sums.map { $0.0 + " " + figures.decimal($0.1, of: total).text }.joined(separator: ", ")
    let title = "Confusion: rows what analysts hold for true, columns the model; n \(total)"
    guard matrix.labels.count <= 5 else {
      let mistakes = ConfusionPicture.mistakes(matrix).prefix(20)
      return Outline.Section(
        title, lines: [words], columns: ["TIMES", "TRUTH", "MODEL SAID"],
        rows: mistakes.map { ["\($0.count)", name($0.truth), name($0.model)] })
    }
    let short = { (text: RawText) in text.safe.cut(to: 9).text }
    let totals = (truth: matrix.truthTotals, model: matrix.modelTotals)
    let rows = matrix.labels.indices.map { index -> [String] in
      let label = matrix.labels[index]
      return [short(label)] + matrix.counts[index].map { Numeral.count($0).text } + [
        figures.decimal(matrix.recall(label), of: totals.truth[index]).text,
        figures.decimal(matrix.precision(label), of: totals.model[index]).text,
      ]
    }
    return Outline.Section(
      title, lines: [words], columns: ["TRUTH"] + matrix.labels.map(short) + ["RECALL", "PRECISION"], rows: rows)
  }

  private static func calibration(_ figures: ReportFigures) -> Outline.Section {
    let diagram = figures.report.calibration
    let sums: [(String, Double?)] = [
      ("ECE", diagram.expectedError),
      ("largest gap of bins with n ≥ \(max(1, figures.report.smallest))", figures.report.largestGap),
      ("Brier", diagram.brier), ("bias", diagram.bias),
    ]
    let words = sums.map { $0.0 + " " + figures.decimal($0.1, of: diagram.count, places: 3).text }
      .joined(separator: ", ")
    let rows = diagram.bins.filter { $0.count > 0 }.map { bin -> [String] in
      [
        figures.name(bin).text, figures.decimal(bin.confidence, of: bin.count).text,
        figures.decimal(bin.accuracy, of: bin.count).text, figures.span(bin.proportion).text,
        Numeral.count(bin.count).text, figures.isOff(bin) ? "outside" : "·",
      ]
    }
    let start =
      FeedbackPanels.plot(figures).map { ["the diagram begins at \(Numeral.decimal($0.start, places: 1))"] } ?? []
    return Outline.Section(
      "Calibration: \(diagram.bins.count) bins (from, to]; n \(diagram.count)", lines: [words] + start,
      columns: ["BIN", "SAID", "RIGHT", "95 %", "N", "SAID IS"], rows: rows)
  }

  private static func agreement(_ figures: ReportFigures) -> Outline.Section {
    let agreement = figures.report.agreement
    let sums: [(String, Double?)] = [
      ("Po", agreement.observed), ("Krippendorff's α", agreement.alpha?.value), ("Gwet's AC1", agreement.gwet?.value),
    ]
    let words = sums.map { $0.0 + " " + figures.decimal($0.1, of: agreement.units).text }.joined(separator: ", ")
    let rows = agreement.pairs.prefix(20).map { pair in
      [
        name(pair.first), name(pair.second), Numeral.count(pair.count).text,
        figures.decimal(pair.kappa.observed, of: pair.count).text,
        figures.decimal(pair.kappa.value, of: pair.count).text,
      ]
    }
    return Outline.Section(
      "Agreement: \(agreement.raters.count) analysts; n \(agreement.units) cases that two or more answered",
      lines: [words], columns: rows.isEmpty ? [] : ["ANALYST", "AND", "N", "PO", "COHEN'S κ"], rows: Array(rows))
  }

  private static func reliance(_ figures: ReportFigures) -> Outline.Section {
    let reliance = figures.report.reliance
    func row(_ name: String, _ count: Reliance.Count, _ what: String, of value: Double? = nil) -> [String] {
      let share = value.map { figures.report.shows(count.total) ? Numeral.percent($0) : Numeral.absent }
      return [name, (share ?? figures.percent(count.proportion)).text, Numeral.count(count.total).text, what]
    }
    let rows = [
      row("switched", reliance.switched, "left an answer that differed"),
      row("adopted", reliance.adopted, "left it for the model's"),
      row(
        "over-relied", reliance.relativeSelfReliance, "gave up a right answer",
        of: reliance.overReliance),
      row(
        "under-relied", reliance.relativeAIReliance, "kept a wrong answer",
        of: reliance.underReliance),
      row("right alone", reliance.initialAccuracy, "first answers"),
      row("model right", reliance.modelAccuracy, "on the same cases"),
      row("right together", reliance.finalAccuracy, "last answers"),
    ]
    return Outline.Section(
      "Reliance: before and after the model's; truth is a decision or others' majority",
      columns: ["", "SHARE", "N", "WHAT"], rows: rows)
  }

  private static func analysts(_ figures: ReportFigures) -> Outline.Section {
    let report = figures.report
    let agreeing = Dictionary((report.slices[.analyst] ?? []).map { ($0.name, $0.right) }) { first, _ in first }
    let rows = report.analysts.prefix(20).map { work in
      [
        name(work.name), Numeral.count(work.count).text, figures.percent(agreeing[work.name]).text,
        figures.seconds(work.times.lowerQuartile, of: work.times.count).text,
        figures.seconds(work.times.median, of: work.times.count).text,
        figures.seconds(work.times.upperQuartile, of: work.times.count).text,
      ]
    }
    return Outline.Section(
      "Analysts: \(report.analysts.count), a case \(FeedbackPanels.time(figures).text)",
      columns: ["ANALYST", "CASES", "WITH MODEL", "25 %", "MEDIAN", "75 %"], rows: rows)
  }

  /// A slice's name as the table has it.
  private static func shown(_ name: SafeText, _ kind: SliceKind) -> String {
    kind == .input ? name.cutMiddle(to: 30).text : name.cut(to: 24).text
  }

  /// Slices of inputs that a table has.
  private static let mostInputs = 40

  /// Pairs of versions that a table has.
  private static let mostPairs = 20

  /// Versions on the same records; nil where no record was answered by two.
  private static func compared(_ report: FeedbackReport) -> Outline.Section? {
    guard !report.comparisons.isEmpty else { return nil }
    let rows = report.comparisons.prefix(mostPairs).map(\.ofVersions).map { pair in
      [
        report.query.model == nil ? name(pair.model) : "", name(pair.first), name(pair.second),
        Numeral.count(pair.records).text, Numeral.count(pair.bothRight).text, Numeral.count(pair.onlyFirst).text,
        Numeral.count(pair.onlySecond).text,
        pair.isTooFew ? "too few differ" : Numeral.pValue(pair.pValue).text,
      ]
    }
    return Outline.Section(
      "Versions on the same records: exact McNemar on those that one alone got right",
      columns: ["MODEL", "FIRST", "SECOND", "N", "BOTH", "1ST ALONE", "2ND ALONE", "P"], rows: Array(rows))
  }

  private static func slices(_ figures: ReportFigures, _ kind: SliceKind) -> Outline.Section {
    let isInput = kind == .input
    var slices = figures.report.slices[kind] ?? []
    let count = slices.count
    if isInput {
      slices = Array(slices.filter { $0.pValue != nil }.sorted { ($0.gap ?? 0) < ($1.gap ?? 0) }.prefix(mostInputs))
    }
    let rows = slices.map { slice -> [String] in
      let isComparable = slice.pValue != nil
      let name = shown(figures.name(slice, kind), kind)
      let cells = [
        name, Numeral.count(slice.count).text,
        figures.percent(slice.right).text, figures.span(slice.right).text,
        isComparable ? Numeral.decimal(slice.gap.map { $0 * 100 }, places: 0, signed: true).text : "·",
        isComparable ? Numeral.pValue(slice.pValue).text : "·", slice.isDifferent ? "differs" : "·",
      ]
      return isInput ? cells : cells + [slice.reason?.safe.cut(to: 14).text ?? "·"]
    }
    let left = count - slices.count
    return Outline.Section(
      "Right by \(kind.word.text)", lines: left > 0 ? ["worst first; \(left) more are not shown"] : [],
      columns: ["SLICE", "N", "RIGHT", "95 %", "GAP", "P", "REST"] + (isInput ? [] : ["WHY NOT"]), rows: rows)
  }
}
