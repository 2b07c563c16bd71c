public import Foundation

/// One recorded exchange: the request's bytes and the answer's, split into head and body.
public struct WireExchange: Sendable, CustomStringConvertible {
  /// `mlserver/036-infer-wine-1`.
  public let name: String
  public let request: WireHalf
  public let answer: WireHalf

  public var description: String { name }

  /// The folder of recorded traffic.
  public static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "fixtures/wire")

  /// Every exchange of these servers with a client, in the order of their names.
  public static func all(of parts: [String] = ["mlserver", "triton"]) throws -> [WireExchange] {
    try parts.flatMap { try exchanges(in: $0, answer: $0 == "mlserver" ? "res" : "resp") }
  }

  /// The exchange of this name.
  public static func named(_ name: String) throws -> WireExchange {
    let base = folder.appending(path: name)
    let ending = name.hasPrefix("mlserver") ? "res" : "resp"
    return WireExchange(
      name: name, request: WireHalf(try? Data(contentsOf: base.appendingPathExtension("req"))),
      answer: WireHalf(try Data(contentsOf: base.appendingPathExtension(ending))))
  }

  private static func exchanges(in part: String, answer: String) throws -> [WireExchange] {
    try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: part).path)
      .filter { $0.hasSuffix(".\(answer)") }.sorted()
      .map { try named("\(part)/\($0.dropLast(answer.count + 1))") }
  }
}

/// The head and the body of a recorded request or answer.
public struct WireHalf: Sendable {
  /// The request line or the status line.
  public let line: String
  /// Names in lower case.
  public let headers: [String: String]
  /// Without chunk lengths; as it came otherwise.
  public let body: [UInt8]
  /// The whole recording.
  public let bytes: [UInt8]

  init(_ data: Data?) {
    bytes = Array(data ?? Data())
    let blank = Array("\r\n\r\n".utf8)
    var end = bytes.count
    var bodyStart = bytes.count
    var index = 0
    while index + 4 <= bytes.count {
      if bytes[index..<index + 4].elementsEqual(blank) {
        end = index
        bodyStart = index + 4
        break
      }
      index += 1
    }
    let lines = String(decoding: bytes[..<end], as: UTF8.self).split(
      separator: "\r\n", omittingEmptySubsequences: false)
    line = lines.first.map(String.init) ?? ""
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    self.headers = headers
    let rest = Array(bytes[bodyStart...])
    body = headers["transfer-encoding"]?.lowercased() == "chunked" ? WireHalf.withoutChunkLengths(rest) : rest
  }

  /// The number in the status line; nil for a request.
  public var status: Int? {
    let words = line.split(separator: " ")
    return words.count > 1 ? Int(words[1]) : nil
  }

  /// `POST`.
  public var method: String { line.split(separator: " ").first.map(String.init) ?? "" }

  /// `/v2/models/wine/infer`.
  public var path: String {
    let words = line.split(separator: " ")
    return words.count > 1 ? String(words[1]) : ""
  }

  private static func withoutChunkLengths(_ bytes: [UInt8]) -> [UInt8] {
    var body: [UInt8] = []
    var rest = bytes[...]
    while let lineEnd = rest.firstIndex(of: 0x0D) {
      let digits = String(decoding: rest[..<lineEnd], as: UTF8.self)
      guard let length = Int(digits, radix: 16), length > 0, lineEnd + 2 + length <= rest.endIndex else { break }
      body += rest[(lineEnd + 2)..<(lineEnd + 2 + length)]
      rest = rest.dropFirst(min(rest.count, lineEnd + 4 + length - rest.startIndex))
    }
    return body
  }
}
