internal import Domain

extension RowReader {
  /// The cells of a JSON object: its members, or those of `inputs`, with `id` and `at` beside them.
  static func cells(json bytes: [UInt8]) -> Result<FileRow.Cells, RowFault> {
    let json: JSON
    do throws(JSONError) {
      json = try JSON(parsing: bytes)
    } catch {
      return .failure(RowFault(reason: "it is no JSON: \(error.description)"))
    }
    let inputs = json["inputs"]
    guard let members = (inputs ?? json).members else {
      return .failure(RowFault(reason: "it is no JSON object of field names"))
    }
    let values = Dictionary(members.map { ($0.key, $0.value.typed) }) { first, _ in first }
    guard inputs != nil else { return .success(FileRow.Cells(values: values, sourceID: "")) }
    let id = [json["source_id"], json["id"]].compactMap { $0?.typed }.first { !$0.isEmpty }
    let time = json["at"]?.string
    let at = time.flatMap { Timestamp($0) }
    if let time, at == nil { return .failure(RowFault(reason: "at is no time: \(time)")) }
    return .success(FileRow.Cells(values: values, sourceID: id ?? "", at: at))
  }

  /// Whether JSON begins with a request of the Open Inference Protocol: `inputs` is a list of objects there, where a
  /// record has an object. Only the beginning is looked at.
  static func beginsRequest(_ bytes: ArraySlice<UInt8>) -> Bool {
    var depth = 0
    var index = bytes.startIndex
    func space() {
      while index < bytes.endIndex, bytes[index] <= 0x20 { index += 1 }
    }
    func accept(_ byte: UInt8) -> Bool {
      space()
      guard index < bytes.endIndex, bytes[index] == byte else { return false }
      index += 1
      return true
    }
    _ = accept(UInt8(ascii: "["))
    while index < bytes.endIndex {
      switch bytes[index] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth <= 0 { return false }
      case UInt8(ascii: "\""):
        let start = index + 1
        index = start
        while index < bytes.endIndex, bytes[index] != UInt8(ascii: "\"") {
          index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard index < bytes.endIndex else { return false }
        guard depth == 1, bytes[start..<index].elementsEqual("inputs".utf8) else { break }
        index += 1
        // A value may be the word as well.
        guard accept(UInt8(ascii: ":")) else { continue }
        return accept(UInt8(ascii: "[")) && accept(UInt8(ascii: "{"))
      default: break
      }
      index += 1
    }
    return false
  }
}
