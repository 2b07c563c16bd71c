internal import Domain
internal import Feedback

/// A record as people read it.
struct RecordText {
  /// The text, where the record is one; otherwise a line `name: value` for each of its values.
  let text: RawText
  /// The values by name, typed, where it is not one text.
  let values: [JSON.Member]

  /// nil where there is nothing to read.
  init?(_ seen: Seen, withTexts: Bool) {
    let columns = RecordColumns.of(seen, withTexts: withTexts)
    guard !columns.isEmpty else { return nil }
    if columns.count == 1, case .string(let text) = columns[0].value, columns[0].type == .text {
      self.text = text
      values = []
      return
    }
    values = columns.map { column in
      JSON.Member(RawText(bytes: column.name.bytes.dropFirst(RecordColumns.prefix.bytes.count)), column.value)
    }
    let lines = values.map { $0.key.bytes + Array(": ".utf8) + RecordText.cell($0.value) }
    text = RawText(bytes: lines.joined(separator: [0x0A]))
  }

  private static func cell(_ value: JSON) -> [UInt8] {
    switch value {
    case .null: []
    case .string(let text): text.bytes
    case .bool, .integer, .unsigned, .number, .array, .object: value.serialized
    }
  }
}
