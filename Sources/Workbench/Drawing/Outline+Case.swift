internal import Domain
internal import Frames
internal import SafeText

/// What several screens say of a case in words.
extension Outline.Section {
  /// An answer: its classes, its number, or that it has neither.
  static func answer(
    _ prediction: Prediction, of signature: Signature?, _ title: String = "Prediction", lines: [String] = []
  ) -> Outline.Section {
    let lines = lines + [prediction.doubt(signature)?.text].compactMap(\.self)
    switch prediction.answer {
    case .classes:
      let ranked = prediction.ranked
      let isFirst = ranked.first?.label == prediction.chosen?.label
      let rows = ranked.map { score in
        let isAnswer = score.label == prediction.chosen?.label
        let number = score.probability.map { Numeral.decimal($0, places: 4).text }
        // That it is the answer follows from its place where it is the most probable.
        let words = isAnswer && (number == nil || !isFirst) ? "the answer" : number == nil ? "·" : nil
        return [score.label.safe.text, [number, words].compactMap(\.self).joined(separator: "  ")]
      }
      return Outline.Section(title, lines: lines, columns: ["CLASS", "P"], rows: rows)
    case .value:
      return Outline.Section(title, lines: lines, columns: ["VALUE"], rows: [[prediction.number?.text ?? ""]])
    case .opaque:
      return Outline.Section(title, lines: lines + [prediction.text == nil ? "the answer has no class" : "a text"])
    }
  }

  /// The tensors of an answer that no signature explains; nothing for any other, whose classes or number say it.
  static func outputs(_ prediction: Prediction) -> [Outline.Section] {
    guard prediction.answer == .opaque, !prediction.outputs.isEmpty else { return [] }
    let rows = RecordValues(Record(tensors: prediction.outputs), nil).items.map { [$0.name.text, $0.whole.text] }
    return [Outline.Section("Outputs", columns: ["TENSOR", "VALUE"], rows: rows)]
  }

  /// A record whole: a value a row, those that are absent too.
  static func record(_ content: CaseContent, _ title: String = "Record") -> Outline.Section {
    Outline.Section(
      title, columns: [content.signature == nil ? "TENSOR" : "FIELD", "VALUE"],
      rows: RecordValues(content.case.record, content.signature).items.map { [$0.name.text, $0.whole.text] })
  }

  /// The numbers of a record's pictures, a row of pixels a line; of one that is larger its first rows and columns.
  static func pictures(_ content: CaseContent) -> [Outline.Section] {
    let most = (rows: 64, columns: 64)
    return RecordValues(content.case.record, content.signature).items.compactMap { item in
      guard case .image(let pixels) = item.value, case .image(let rows, let columns, _)? = item.kind, columns > 0 else {
        return nil
      }
      let lines = (0..<min(rows, most.rows, pixels.count / columns)).map { row in
        let first = row * columns
        let values = pixels[first..<first + min(columns, most.columns)].map { Decimal.shortest($0) }
        return "row \(row + 1): " + values.joined(separator: " ") + (columns > most.columns ? " …" : "")
      }
      return Outline.Section("Pixels of \(item.name.text)", lines: lines + (rows > most.rows ? ["…"] : []))
    }
  }

  /// What the analyst said that is saved: the judgement in force, its marks, and when.
  static func own(_ content: CaseContent) -> Outline.Section? {
    guard content.own != nil || !content.ownMarks.isEmpty || content.isFlagged else { return nil }
    var lines: [String] = []
    if let own = content.own {
      let number = own.sequence.map { "saved #\($0)" } ?? "saved"
      lines += [own.judgement.summary.text, "\(number), \(own.at)"]
      if own.stage == .initial { lines[1] += ", initial, blind" }
    }
    if content.isFlagged { lines.append("flagged for another look") }
    return Outline.Section("Your call", lines: lines + marks(content.ownMarks, answer: content.case.prediction.label))
  }

  /// What colleagues said of it.
  static func others(_ content: CaseContent) -> Outline.Section {
    let rows = content.case.judgements.map { other in
      [other.analyst.safe.text, other.judgement.summary.text, other.at.secondText]
    }
    return Outline.Section("Others", columns: ["ANALYST", "JUDGEMENT", "AT"], rows: rows)
  }

  /// Marks on parts of an explanation, one a line; those on another class's shares than the answer's name it.
  static func marks(_ marks: [Mark], answer: RawText?) -> [String] {
    marks.flatMap { mark -> [String] in
      var lines: [String] = []
      if let kind = mark.kind, let part = mark.part {
        let other = mark.label.flatMap { $0 == answer ? nil : " for \($0.safe.text)" } ?? ""
        lines.append("\(part.text.safe.text): \(kind.word)\(other)")
      }
      if let rating = mark.rating { lines.append("explanation useful \(rating) of 5") }
      return lines
    }
  }
}
