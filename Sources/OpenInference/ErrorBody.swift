public import Domain

/// The body of an answer that is no success, in any of the shapes that services and the proxies before them use.
public struct ErrorBody: Hashable, Sendable {
  /// What the other side said, short enough to read; empty when it said nothing.
  public var message: RawText

  public init(message: RawText) { self.message = message }

  /// Longest message, in bytes: a traceback's beginning, not all of it.
  public static let longestMessage = 4096

  /// Reads `{"error": …}`, `{"detail": "…"}`, `{"detail": [{"loc", "msg"}, …]}`, plain text or a web page.
  public init(decoding body: [UInt8]) {
    let json = try? JSON(parsing: body)
    self = json.map { ErrorBody(json: $0) } ?? ErrorBody(message: ErrorBody.cut(ErrorBody.plainText(body)))
  }

  /// Reads what one of those shapes holds, or an `error` alone.
  init(json: JSON) { message = ErrorBody.cut(ErrorBody.text(of: json) ?? RawText(bytes: json.serialized)) }

  private static func cut(_ message: RawText) -> RawText {
    guard message.bytes.count > longestMessage else { return message }
    let cut = String(decoding: message.bytes.prefix(longestMessage), as: UTF8.self)
    return RawText(cut.trimmingReplacement + "…")
  }

  /// Writes `{"error": "…"}`.
  public var encoded: [UInt8] { JSON.object(["error": .string(message)]).serialized }

  private static func text(of json: JSON) -> RawText? {
    if let text = json.text { return text }
    for key: RawText in ["error", "detail", "message", "info", "reason"] {
      switch json[key] {
      case .string(let text): return text
      case .array(let details): return joined(details.map(detail))
      case .object: return json[key].flatMap(text)
      default: continue
      }
    }
    return json["status"].flatMap(text)
  }

  /// `inputs[0].shape: Field required`: FastAPI's detail, without the echo of what was sent.
  private static func detail(_ json: JSON) -> RawText {
    guard let message = json["msg"]?.text else { return text(of: json) ?? RawText(bytes: json.serialized) }
    var path = ""
    for (index, part) in (json["loc"]?.array ?? []).enumerated() {
      switch part {
      case .integer(let number): path += json["type"] == "json_invalid" ? "byte \(number)" : "[\(number)]"
      case .string(let name) where index > 0 || name != "body": path += (path.isEmpty ? "" : ".") + name.string
      default: break
      }
    }
    return path.isEmpty ? message : RawText("\(path): \(message.string)")
  }

  private static func joined(_ parts: [RawText]) -> RawText {
    RawText(bytes: parts.map(\.bytes).joined(separator: Array("; ".utf8)))
  }

  /// The text; of a web page its title, else what stands between its tags.
  private static func plainText(_ body: [UInt8]) -> RawText {
    let trimmed = RawText(bytes: body).trimmed
    guard trimmed.bytes.first == UInt8(ascii: "<") else { return trimmed }
    var text: [UInt8] = []
    var isInTag = false
    for byte in between("<title>", "</title>", in: trimmed.bytes) ?? trimmed.bytes {
      switch byte {
      case UInt8(ascii: "<"): isInTag = true
      case UInt8(ascii: ">"):
        isInTag = false
        text.append(0x20)
      default: if !isInTag { text.append(byte) }
      }
    }
    let words = text.split { $0 == 0x20 || (0x09...0x0D).contains($0) }
    return RawText(bytes: words.joined(separator: [0x20]))
  }

  private static func between(_ open: String, _ close: String, in bytes: [UInt8]) -> [UInt8]? {
    let lowered = bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    guard let start = firstRange(of: Array(open.utf8), in: lowered[...])?.upperBound,
      let end = firstRange(of: Array(close.utf8), in: lowered[start...])?.lowerBound
    else { return nil }
    return Array(bytes[start..<end])
  }

  private static func firstRange(of needle: [UInt8], in bytes: ArraySlice<UInt8>) -> Range<Int>? {
    guard bytes.count >= needle.count else { return nil }
    for start in bytes.startIndex...(bytes.endIndex - needle.count)
    where bytes[start..<start + needle.count].elementsEqual(needle) {
      return start..<start + needle.count
    }
    return nil
  }
}

extension String {
  /// Without the replacement character that a cut through a letter leaves at the end.
  fileprivate var trimmingReplacement: String { hasSuffix("\u{FFFD}") ? String(dropLast()) : self }
}
