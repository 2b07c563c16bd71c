internal import Domain
internal import Feedback

/// The words by which things are found.
enum SearchText {
  /// What an analyst wrote or chose.
  static func of(_ body: EventBody) -> String {
    guard let statement = Statement(body.payload) else { return "" }
    var words: [RawText] = []
    switch statement {
    case .judgement(let body):
      if let verdict = body.judgement.verdict { words.append(RawText(verdict.rawValue)) }
      if let label = body.judgement.label { words.append(label) }
      words += body.judgement.reasons
      words.append(body.judgement.note)
    case .mark(let body):
      words.append(RawText(body.mark.kind?.word ?? ""))
      if let target = body.mark.target { words.append(target) }
    case .note(let text): words.append(text)
    case .flag(let flag): words.append(flag.text)
    }
    return joined(words)
  }

  /// What a case is: its source's id, its answer, its texts.
  static func of(_ item: Case) -> String {
    var words = [item.sourceID, item.model.name, item.prediction.label]
    for tensor in item.record.tensors {
      if let texts = tensor.texts { words += texts.compactMap { $0 } }
    }
    return joined(words)
  }

  /// A query of FTS5 in which everything that was typed is a word, and the last may be the beginning of one.
  static func query(_ words: [String]) -> String? {
    let quoted = words.filter { word in
      word.unicodeScalars.contains { $0.properties.isAlphabetic || $0.properties.numericType != nil }
    }
    .map { "\"" + $0.filter { $0 != "\0" }.replacing("\"", with: "\"\"") + "\"" }
    return quoted.isEmpty ? nil : quoted.joined(separator: " ") + "*"
  }

  /// SQLite ends a text at NUL, so it is not let in.
  private static func joined(_ words: [RawText]) -> String {
    words.filter { !$0.isEmpty }.map { $0.string.replacing("\0", with: " ") }.joined(separator: "\n")
  }
}
