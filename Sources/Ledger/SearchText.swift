internal import Domain
internal import Feedback

/// The words by which things are found.
enum SearchText {
  /// A text by which something is found, and where it stands.
  struct Part {
    var place: SearchMatch.Place
    var of: RawText = ""
    var text: RawText
  }

  /// What an analyst wrote or chose.
  static func parts(of body: EventBody) -> [Part] {
    guard let statement = Statement(body.payload) else { return [] }
    switch statement {
    case .judgement(let body):
      let verdict = body.judgement.verdict.map { Part(place: .verdict, text: RawText($0.rawValue)) }
      let label = body.judgement.label.map { Part(place: .label, text: $0) }
      return [verdict, label].compactMap(\.self) + body.judgement.reasons.map { Part(place: .reason, text: $0) } + [
        Part(place: .note, text: body.judgement.note)
      ]
    case .mark(let body):
      let target = body.mark.target.map { Part(place: .mark, text: $0) }
      return [Part(place: .mark, text: RawText(body.mark.kind?.word ?? ""))] + [target].compactMap(\.self)
    case .note(let text): return [Part(place: .note, text: text)]
    case .flag(let flag): return [Part(place: .flag, text: flag.text)]
    case .decision(let decision):
      return [Part(place: .decision, text: RawText(decision.text)), Part(place: .note, text: decision.note)]
    }
  }

  /// The same as one text.
  static func of(_ body: EventBody) -> String { joined(parts(of: body).map(\.text)) }

  /// What a case is: its source's id, its answer, its texts.
  static func of(_ item: Case) -> String {
    joined([item.sourceID, item.model.name, item.prediction.label] + parts(of: item.record).map(\.text))
  }

  /// The texts of a record, each with its tensor's name, or its place in the tensor where there are several.
  static func parts(of record: Domain.Record) -> [Part] {
    record.tensors.flatMap { tensor in
      let texts = tensor.texts ?? []
      return texts.enumerated().compactMap { index, text in
        let name = texts.count == 1 ? tensor.name : RawText("\(tensor.name.string) \(index + 1)")
        return text.map { Part(place: .field, of: name, text: $0) }
      }
    }
  }

  /// A query of FTS5 in which everything that was typed is a word; where it is open, the last may be the beginning of
  /// one.
  static func query(_ words: [String], isOpen: Bool = true) -> String? {
    let quoted = words.filter { word in
      word.unicodeScalars.contains { $0.properties.isAlphabetic || $0.properties.numericType != nil }
    }
    .map { "\"" + $0.filter { $0 != "\0" }.replacing("\"", with: "\"\"") + "\"" }
    return quoted.isEmpty ? nil : quoted.joined(separator: " ") + (isOpen ? "*" : "")
  }

  /// SQLite ends a text at NUL, so it is not let in.
  private static func joined(_ words: [RawText]) -> String {
    words.filter { !$0.isEmpty }.map { $0.string.replacing("\0", with: " ") }.joined(separator: "\n")
  }
}
