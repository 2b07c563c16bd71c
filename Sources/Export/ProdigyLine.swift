internal import Domain
internal import Feedback

/// Judgements as Prodigy's `db-in` takes them: a class, and whether it is right.
///
/// Where the analyst says that the model's class is wrong and another is known, that is two lines: one rejects, the other
/// accepts. Prodigy gives its hashes itself.
enum ProdigyLine {
  static let losses = [
    "Prodigy has no `unsure` and no `skip`: both are `ignore`, and `meta.verdict` tells them apart",
    "how useful explanations were",
    "marks stand as `spans` only where they name words of the text, and as often as the explanation has them",
  ]

  static let columns = [
    ExportColumn("text", .text, "the record: its text, or a line `name: value` for each of its values"),
    ExportColumn("input", .json, "the record's values by name, where it is not one text"),
    ExportColumn("label", .text, "the class that is accepted or rejected: the model's, or the one that is right"),
    ExportColumn("answer", .text, "accept, reject or ignore"),
    ExportColumn("spans", .json, "words that the analyst marked in the explanation, counted in code points"),
    ExportColumn("_view_id", .text, "classification"),
    ExportColumn("_session_id", .text, "who judged"),
    ExportColumn("_timestamp", .integer, "when it was saved, in seconds since 1970"),
    ExportColumn("meta", .json, "case, event, model, probability and verdict, and what else the analyst said"),
  ]

  private static let meta: [RawText] = [
    "case_id", "event_id", "record_id", "source_id", "model", "version", "verdict", "stage", "assist", "confidence",
    "reasons", "note", "active_ms",
  ]

  /// One line, or two.
  static func lines(_ judgement: StandingJudgement) -> [JSON] {
    let (predicted, answer) = (judgement.view.predicted, judgement.answer)
    switch judgement.body.judgement.verdict {
    case .unsure, .skip: return [line(judgement, predicted, "ignore")]
    case .agree: return [line(judgement, answer ?? predicted, "accept")]
    case .disagree:
      let rejected = predicted.map { line(judgement, $0, "reject") }
      return [rejected, answer.map { line(judgement, $0, "accept") }].compactMap(\.self)
    case nil: return answer.map { [line(judgement, $0, "accept")] } ?? []
    }
  }

  private static func line(_ judgement: StandingJudgement, _ label: RawText?, _ answer: String) -> JSON {
    var members = [JSON.Member("text", .string(judgement.view.text.text))]
    if !judgement.view.text.values.isEmpty { members.put("input", .object(judgement.view.text.values)) }
    members.put("label", label.map(JSON.string))
    members.put("answer", .text(answer))
    let spans = spans(judgement)
    if !spans.isEmpty { members.put("spans", .array(spans)) }
    members.put("_view_id", "classification")
    members.put("_session_id", .string(judgement.analyst))
    members.put("_timestamp", .integer(Timestamp.floorDivided(judgement.event.at)))
    var meta = judgement.members(meta)
    meta.put("score", judgement.view.score.map(JSON.number))
    members.put("meta", .object(meta))
    return .object(members)
  }

  private static func spans(_ judgement: StandingJudgement) -> [JSON] {
    guard judgement.view.text.values.isEmpty, let marks = judgement.row.values["marks"]?.array else { return [] }
    let text = Array(judgement.view.text.text.string.unicodeScalars)
    return marks.compactMap { mark in
      guard let target = mark["target"]?.string, let kind = mark["mark"],
        let place = place(
          of: Array(target.unicodeScalars), in: text, occurrence: mark["occurrence"]?.integer,
          count: mark["occurrences"]?.integer)
      else { return nil }
      return .object([
        "start": .integer(Int64(place.lowerBound)), "end": .integer(Int64(place.upperBound)), "label": kind,
      ])
    }
  }

  /// Where whole words stand in a text: the only ones, or those that are meant, from 1, where the text has as many of them
  /// as the explanation. Where it has more, nobody knows which ones the explanation cut otherwise.
  static func place(
    of words: [Unicode.Scalar], in text: [Unicode.Scalar], occurrence: Int64? = nil, count: Int64? = nil
  ) -> Range<Int>? {
    guard !words.isEmpty, words.count <= text.count else { return nil }
    var found: [Range<Int>] = []
    for start in 0...text.count - words.count where text[start] == words[0] {
      let end = start + words.count
      guard text[start..<end].elementsEqual(words), start == 0 || !text[start - 1].isWord,
        end == text.count || !text[end].isWord
      else { continue }
      found.append(start..<end)
    }
    guard found.count == count ?? 1, let place = Int(exactly: (occurrence ?? 1) - 1), found.indices.contains(place)
    else {
      return nil
    }
    return found[place]
  }
}

extension Unicode.Scalar {
  fileprivate var isWord: Bool { properties.isAlphabetic || properties.numericType != nil }
}

extension Timestamp {
  /// Whole seconds since 1970.
  static func floorDivided(_ time: Timestamp) -> Int64 { time.aligned(toSeconds: 1).microseconds / 1_000_000 }
}
