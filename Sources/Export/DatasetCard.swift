internal import Domain
internal import Feedback
internal import Statistics

/// What a file of judgements is, for people who meet it without us: a card in Markdown.
///
/// It keeps an answer for each judgement that stands, by case, so its memory grows with them.
public struct DatasetCard: Hashable, Sendable {
  private var events = 0
  private var first: Timestamp?
  private var last: Timestamp?
  private var analysts: Set<RawText> = []
  private var states: [String: Int] = [:]
  private var verdicts: [String: Int] = [:]
  private var sighted = 0
  private var withoutInputs = 0
  private var models: [ModelID: ModelCount] = [:]
  private var cases: [ShortHash: [RawText]] = [:]
  /// Those of which somebody decided what is right.
  private var decided: Set<ShortHash> = []
  /// Marks on cases that their analyst has not judged.
  private var strayMarks = 0

  /// What stands on one model's answers.
  private struct ModelCount: Hashable, Sendable {
    var judgements = 0
    var right = 0
    var wrong = 0
    var hasNumbers = false
    var answers: [RawText: Int] = [:]
  }

  init() {}

  /// Takes a judgement event; `isLastWord` where it stands.
  mutating func add(_ judged: JudgedEvent, _ row: JudgementRow, isLastWord: Bool) {
    count(judged.event, row)
    let answer = row.values["answer"]?.text
    if judged.seen?.record.record == nil { withoutInputs += 1 }
    if let id = judged.event.caseID {
      cases[id, default: []] += isLastWord ? [answer].compactMap(\.self) : []
      if row.values["decided"] != nil { decided.insert(id) }
    }
    guard isLastWord else { return }
    let verdict = judged.judgement.judgement.verdict
    verdicts[verdict?.rawValue ?? "none: the answer was hidden", default: 0] += 1
    sighted += judged.judgement.assistance == .blind ? 0 : 1
    guard let seen = judged.seen else { return }
    var count = models[seen.model] ?? ModelCount()
    count.judgements += 1
    count.right += verdict == .agree ? 1 : 0
    count.wrong += verdict == .disagree ? 1 : 0
    if case .value = seen.output.answer { count.hasNumbers = true }
    if !count.hasNumbers, let answer { count.answers[answer, default: 0] += 1 }
    models[seen.model] = count
  }

  /// Takes a mark that no row has.
  mutating func addStrayMark() { strayMarks += 1 }

  /// Takes one whose words were removed since an earlier export.
  mutating func add(redacted entry: ExportEntry, _ row: JudgementRow) { count(entry.event, row) }

  private mutating func count(_ event: Event, _ row: JudgementRow) {
    events += 1
    first = min(first ?? event.at, event.at)
    last = max(last ?? event.at, event.at)
    if let analyst = row.values["analyst"]?.text { analysts.insert(analyst) }
    states[row.values["state"]?.string ?? "", default: 0] += 1
  }

  /// The card of a file that was exported so.
  public func markdown(_ options: ExportOptions) -> String {
    [summary(options), modelTable, answerTable, agreement, origin(options), limits(options), DatasetCard.licence]
      .joined(separator: "\n")
  }

  private var standing: Int { verdicts.values.reduce(0, +) }

  private func summary(_ options: ExportOptions) -> String {
    let names = options.pseudonyms == nil ? "under their names" : "under pseudonyms"
    let states = states.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    let verdicts = verdicts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    return """
      # Analysts' judgements of models' predictions

      What people who review predictions of machine-learned models said of them, case by case. Written by `mds` as \
      `\(options.format.rawValue)`.

      | | |
      |---|---|
      | judgement events | \(events)\(states.isEmpty ? "" : ": " + states) |
      | last words | \(standing)\(verdicts.isEmpty ? "" : ": " + verdicts) |
      | cases | \(cases.count) |
      | analysts | \(analysts.count), \(names) |
      | models and versions | \(models.count) |
      | from | \(first?.description ?? "") |
      | to | \(last?.description ?? "") |

      """
  }

  private var ranked: [(key: ModelID, value: ModelCount)] {
    models.sorted { ($0.key.name, $0.key.version ?? "") < ($1.key.name, $1.key.version ?? "") }
  }

  private var modelTable: String {
    var lines = [
      "## Models", "", "| model | version | last words | the model is right, of those who agree or disagree |",
      "|---|---|---|---|",
    ]
    for (model, count) in ranked {
      let decided = count.right + count.wrong
      let share = Proportion(count.right, of: decided)?.value.map { DatasetCard.share($0) + " of \(decided)" }
      // A version without a letter is another than none.
      let version = model.version.map { $0.isEmpty ? "`\"\"`" : Codebook.quoted($0.string) } ?? ""
      lines.append(
        "| \(Codebook.quoted(model.name.string)) | \(version) | \(count.judgements) "
          + "| \(share ?? "") |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let answersShown = 50

  private var answerTable: String {
    var lines = ["## Answers", "", "| model | what analysts hold for true | last words |", "|---|---|---|"]
    for (model, count) in ranked {
      let name = Codebook.quoted(model.name.string)
      if count.hasNumbers { lines.append("| \(name) | a number | \(count.judgements) |") }
      let answers = count.answers.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      lines += answers.prefix(DatasetCard.answersShown).map {
        "| \(name) | \(Codebook.quoted($0.key.string)) | \($0.value) |"
      }
      if answers.count > DatasetCard.answersShown {
        lines.append("| \(name) | \(answers.count - DatasetCard.answersShown) others | |")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var agreement: String {
    let units = cases.values.filter { $0.count > 1 }
    let pairs = units.reduce(into: (same: 0, all: 0)) { sum, answers in
      for (place, answer) in answers.enumerated() {
        sum.all += place
        sum.same += answers.prefix(place).filter { $0 == answer }.count
      }
    }
    guard let alpha = KrippendorffAlpha(nominal: units) else {
      return "## Agreement\n\nNo case has the answers of two analysts.\n"
    }
    let value = alpha.value.map { "\(DatasetCard.rounded($0, 4))" } ?? "undefined: all answers are the same"
    return """
      ## Agreement

      On \(units.count) cases two or more analysts name an answer. Pairs of them that are the same: \(pairs.same) of \
      \(pairs.all) (\(DatasetCard.share(Double(pairs.same) / Double(pairs.all)))). Krippendorff's alpha of answers \
      without order: \(value). `mds feedback stats` counts an answer that is "not this" and no more as well, and a model by itself \
      with `--model`.

      """
  }

  private func origin(_ options: ExportOptions) -> String {
    var lines = ["## How it was made", ""]
    lines.append("- Analysts judged at a terminal; each judgement is an event in its device's hash chain.")
    lines.append(
      options.pseudonyms == nil
        ? "- Analysts stand under the names that the log has."
        : "- An analyst is `analyst-` and the first 16 hexadecimal digits of HMAC-SHA-256 of the name, with a key that "
          + "is not in the file: the same for one key, and nobody without it gets back.")
    if let part = options.part { lines.append("- " + part.words(options.format)) }
    if let model = options.model { lines.append("- Only judgements of the model \(Codebook.quoted(model.string)).") }
    if options.onlyInForce { lines.append("- Only judgements that nobody changed or took back.") }
    if !options.withNotes { lines.append("- Notes are left out.") }
    if !options.withTexts { lines.append("- Texts among the inputs, explanations and marks are left out.") }
    return lines.joined(separator: "\n") + "\n"
  }

  private func limits(_ options: ExportOptions) -> String {
    var lines = ["## Limits", ""]
    lines += [
      decided.isEmpty
        ? "- An answer is what an analyst holds for true, which nobody has checked."
        : "- An answer is what an analyst holds for true. Of \(decided.count) of \(cases.count) cases somebody decided what is "
          + "right, which rows have as `decided`; the others nobody has checked.",
      "- On \(sighted) of \(standing) last words the model's answer was on screen, which pulls judgements towards it.",
      "- Cases are no fair sample where a queue chose them: rows have the probability as `propensity`, to weigh by.",
      "- Of \(withoutInputs) of \(events) judgement events the inputs were not here: not kept, removed, or not sent yet. Large "
        + "ones, over 32 KiB, come beside the events to the collector: its export has them, a researcher's own ledger does not.",
      "- Times are by the analysts' clocks.",
    ]
    if strayMarks > 0 {
      lines.append(
        "- Of the marks on explanations \(strayMarks) are on cases that their analyst has not judged: they stand beside no "
          + "judgement, and only the form `events` has them.")
    }
    lines += options.format.losses.map { "- Not in this form: \($0)." }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let licence = """
    ## Licence

    To be filled in by whoever publishes it: nothing in the file says who owns the inputs, or whether they are personal.

    """

  private static func share(_ value: Double) -> String { "\(rounded(value * 100, 1)) %" }

  private static func rounded(_ value: Double, _ digits: Int) -> String {
    let scale = (0..<digits).reduce(1.0) { result, _ in result * 10 }
    return Decimal.shortest((value * scale).rounded() / scale)
  }
}
