internal import Compression
internal import Foundation

/// What goes wrong with one exchange between a client and a collector, and what the client may make of it.
struct LineFault: Sendable {
  enum Outcome: Sendable {
    /// It is odd, and still an answer.
    case goesOn
    /// It is no answer: nothing counts as received.
    case waits
    /// Either; what counts as received is received.
    case either
  }

  let name: String
  let outcome: Outcome
  let act: Meddler.Act

  static let all = pages + refusals + silences + lengths + codings + heads + bodies + repetitions

  /// The question never arrives; something else answers.
  private static func instead(_ name: String, _ outcome: Outcome = .waits, _ bytes: [UInt8]) -> LineFault {
    LineFault(name: name, outcome: outcome) { passage in
      _ = passage.send(bytes)
      return false
    }
  }

  /// The question arrives; its answer does not come as it was given.
  static func changed(
    _ name: String, _ outcome: Outcome = .waits, _ change: @escaping @Sendable (Exchange.Answer) -> [UInt8]
  ) -> LineFault {
    LineFault(name: name, outcome: outcome) { passage in
      if let answer = passage.pass() { _ = passage.send(change(answer)) }
      return false
    }
  }

  private static func text(_ status: String, _ fields: [String], _ body: String) -> [UInt8] {
    let head = ["HTTP/1.1 \(status)"] + fields + ["Content-Length: \(body.utf8.count)", "", ""]
    return Array((head.joined(separator: "\r\n") + body).utf8)
  }

  // MARK: A network's own pages

  private static let page = "<html><title>Log in to the guests' network</title></html>"

  private static let statuses = [200, 203, 401, 403, 404, 407, 409, 413, 422, 451, 500, 502, 504, 511]

  private static let pages: [LineFault] =
    statuses.map { instead("a page, \($0)", .waits, text("\($0) X", ["Content-Type: text/html"], page)) }
    + [301, 302, 303, 307, 308].map { status in
      instead(
        "a redirect, \(status)", .waits,
        text("\(status) X", ["Location: http://127.0.0.1:1/login", "Content-Type: text/html"], page))
    } + [
      instead("a page that calls itself JSON", .waits, text("200 OK", ["Content-Type: application/json"], page)),
      instead("a page without an end", .waits, Array("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n\(page)".utf8)),
      changed("a redirect after it arrived") { $0.bytes(status: 307, fields: ["location: /v1/elsewhere"]) },
    ]

  // MARK: Who is busy

  private static let wishes = [
    "120", "0", "-5", "soon", "99999999999999999999", "Mon, 30 Nov 2099 12:00:00 GMT", "Monday, 30-Nov-99 12:00:00 GMT",
    "Mon Nov 30 12:00:00 2099", "Mon, 30 Nov 1992 12:00:00 GMT",
  ]

  private static let refusals: [LineFault] =
    wishes.flatMap { wish in
      [429, 503].map { status in
        instead("\(status), Retry-After: \(wish)", .waits, text("\(status) X", ["Retry-After: \(wish)"], page))
      }
    }
    + [408, 429, 500, 503].map { (status: Int) in
      changed("the collector's own \(status) after it arrived") {
        $0.bytes(
          status: status, fields: ["retry-after: 7"],
          body: Array(#"{"error":"busy","detail":"too many requests"}"#.utf8))
      }
    }

  // MARK: Silence

  private static let silences: [LineFault] = [
    LineFault(name: "the line closes before it arrives", outcome: .waits) { _ in false },
    LineFault(name: "the line closes after it arrived", outcome: .waits) { passage in
      passage.pass()
      return false
    },
    LineFault(name: "nothing, before it arrives", outcome: .waits) { passage in
      passage.wait()
      return false
    },
    LineFault(name: "nothing, after it arrived", outcome: .waits) { passage in
      passage.pass()
      passage.wait()
      return false
    },
    LineFault(name: "an answer that comes too late", outcome: .waits) { passage in
      let answer = passage.pass()
      passage.wait()
      return answer.map { passage.send($0.bytes()) } ?? false
    },
    LineFault(name: "a question that arrives when nobody waits any more", outcome: .waits) { passage in
      passage.wait()
      passage.pass()
      return false
    },
    LineFault(name: "nothing after the head", outcome: .waits) { passage in
      guard let answer = passage.pass() else { return false }
      _ = passage.send(answer.bytes(length: "content-length: \(answer.body.count)", body: []))
      passage.wait()
      return false
    },
    LineFault(name: "nothing after half of the body", outcome: .waits) { passage in
      guard let answer = passage.pass() else { return false }
      let half = Array(answer.body.prefix(answer.body.count / 2))
      _ = passage.send(answer.bytes(length: "content-length: \(answer.body.count)", body: half))
      passage.wait()
      return false
    },
    LineFault(name: "a byte at a time", outcome: .waits) { passage in
      if let answer = passage.pass() { passage.drip(answer.bytes()) }
      return false
    },
    LineFault(name: "a body that comes a byte at a time", outcome: .waits) { passage in
      guard let answer = passage.pass() else { return false }
      _ = passage.send(answer.bytes(length: "content-length: \(answer.body.count)", body: []))
      passage.drip(answer.body)
      return false
    },
    LineFault(name: "a head without an end, a byte at a time", outcome: .waits) { passage in
      passage.drip(Array("HTTP/1.1 200 OK\r\n".utf8) + repeatElement(0x58, count: 100_000))
      return false
    },
  ]

  // MARK: Lengths

  private static let lengths: [LineFault] = [
    changed("a length that is too large") { $0.bytes(length: "content-length: \($0.body.count + 100)") },
    changed("a length that is too small") { $0.bytes(length: "content-length: \(max(1, $0.body.count - 10))") },
    changed("a length of nothing") { $0.bytes(length: "content-length: 0") },
    changed("a length below nothing") { $0.bytes(length: "content-length: -1") },
    changed("a length that is no number") { $0.bytes(length: "content-length: all of it") },
    changed("two lengths that differ") { $0.bytes(length: "content-length: \($0.body.count)\r\ncontent-length: 3") },
    changed("no length, and an end", .goesOn) { $0.bytes(length: "") },
    changed("no length, and cut in the middle") {
      $0.bytes(length: "", body: Array($0.body.prefix($0.body.count / 2)))
    },
    changed("chunks", .goesOn) { $0.chunked() + Array("0\r\n\r\n".utf8) },
    changed("chunks without an end") { $0.chunked() },
    changed("a chunk that is cut") { Array($0.chunked().dropLast(20)) },
    changed("chunks of no size") {
      $0.bytes(length: "transfer-encoding: chunked", body: Array("zz\r\n".utf8) + $0.body)
    },
    changed("an answer and another behind it", .either) { $0.bytes() + $0.bytes() },
    changed("an answer and what is none behind it", .either) { $0.bytes() + Array("and more".utf8) },
  ]

  // MARK: Codings

  private static let bomb = (0..<8).flatMap { _ in Gzip.packed([UInt8](repeating: 0x20, count: 16 << 20)) }

  private static func packed(_ answer: Exchange.Answer, _ change: ([UInt8]) -> [UInt8] = { $0 }) -> [UInt8] {
    answer.bytes(fields: ["content-encoding: gzip"], body: change(Gzip.packed(answer.body)))
  }

  private static let codings: [LineFault] = [
    changed("gzip", .goesOn) { packed($0) },
    changed("gzip that lacks its last byte") { packed($0) { Array($0.dropLast()) } },
    changed("gzip that is cut in the middle") { packed($0) { Array($0.prefix($0.count / 2)) } },
    changed("gzip that is cut in its head") { packed($0) { Array($0.prefix(5)) } },
    changed("gzip with another check sum") { packed($0) { $0.dropLast(8) + [1, 2, 3, 4] + $0.suffix(4) } },
    changed("gzip that is none") { $0.bytes(fields: ["content-encoding: gzip"]) },
    changed("gzip that unpacks to 128 MiB") { $0.bytes(fields: ["content-encoding: gzip"], body: bomb) },
    changed("a coding that nobody asked for") { $0.bytes(fields: ["content-encoding: br"]) },
  ]
}

extension Exchange.Answer {
  /// The answer in two chunks, without the last one that ends them.
  fileprivate func chunked() -> [UInt8] {
    let half = body.count / 2
    var chunks: [UInt8] = []
    for piece in [body[..<half], body[half...]] {
      chunks += Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + [13, 10]
    }
    return bytes(length: "transfer-encoding: chunked", body: chunks)
  }
}
