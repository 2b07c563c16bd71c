internal import Foundation

/// What comes in the place of a well-formed answer, and answers to other questions.
extension LineFault {
  private static func interim(_ count: Int) -> [UInt8] {
    (0..<count).flatMap { _ in Array("HTTP/1.1 102 Processing\r\n\r\n".utf8) }
  }

  static let heads: [LineFault] = [
    changed("no head at all") { $0.body },
    changed("a first line that is none") { _ in Array("yes\r\n\r\n{}".utf8) },
    changed("HTTP/2 where nobody asked for it") { _ in
      [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100] + [UInt8](repeating: 0, count: 40)
    },
    changed("another protocol") { _ in Array("SSH-2.0-OpenSSH_9.2\r\n".utf8) },
    changed("HTTP/1.0", .goesOn) { Array("HTTP/1.0".utf8) + $0.bytes().dropFirst(8) },
    changed("interim answers before it", .goesOn) { interim(20) + $0.bytes() },
    changed("interim answers without an end") { _ in interim(20_000) },
    changed("a head of a megabyte") { $0.bytes(fields: ["x-much: " + String(repeating: "x", count: 1 << 20)]) },
    changed("a hundred thousand fields") { $0.bytes(fields: (0..<100_000).map { "x-\($0): 1" }) },
    changed("a field without a colon", .either) { $0.bytes(fields: ["nothing"]) },
    changed("a zero in a field", .either) { $0.bytes(fields: ["x-odd: a\0b"]) },
    changed("nobody's name") { $0.bytes(without: ["mds-collector-id"]) },
    changed("a status that is none") { $0.bytes(status: 999) },
    changed("a status of success without a body") { $0.bytes(status: 204, length: "", body: []) },
  ]

  static let bodies: [LineFault] = [
    changed("no body") { $0.bytes(body: []) },
    changed("JSON that is cut") { $0.bytes(body: Array($0.body.dropLast(2))) },
    changed("JSON and more behind it") { $0.bytes(body: $0.body + Array("{}".utf8)) },
    changed("a list") { $0.bytes(body: Array("[1,2,3]".utf8)) },
    changed("an object of nothing") { $0.bytes(body: Array("{}".utf8)) },
    changed("JSON that is no UTF-8") { $0.bytes(body: [0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x3A, 0x31, 0x7D]) },
    changed("numbers that are none") {
      $0.bytes(body: Array(#"{"epoch":NaN,"protocols":[NaN],"head":{"seq":Infinity}}"#.utf8))
    },
    changed("brackets ten thousand deep") { $0.bytes(body: [UInt8](repeating: 0x5B, count: 10_000)) },
    changed("numbers of thirty digits") { answer in
      let text = String(decoding: answer.body, as: UTF8.self)
      return answer.bytes(body: Array(text.replacing(/:\d+/, with: ":" + String(repeating: "9", count: 30)).utf8))
    },
    changed("a page that the collector is said to have signed") { $0.bytes(body: Array("<html>Log in</html>".utf8)) },
  ]

  /// What comes more often than once, late, or in another order.
  static let repetitions: [LineFault] = [
    LineFault(name: "arrives twice", outcome: .goesOn) { passage in
      passage.pass()
      return passage.pass().map { passage.send($0.bytes()) } ?? false
    },
    LineFault(name: "arrives five times, the first answer comes", outcome: .goesOn) { passage in
      let first = passage.pass()
      for _ in 0..<4 { passage.pass() }
      return first.map { passage.send($0.bytes()) } ?? false
    },
    LineFault(name: "arrives three times at the same moment", outcome: .goesOn) { passage in
      passage.passTogether(3)
      return passage.pass().map { passage.send($0.bytes()) } ?? false
    },
    LineFault(name: "arrives after it was called lost", outcome: .waits) { passage in
      _ = passage.send(Array("HTTP/1.1 502 X\r\nContent-Length: 0\r\n\r\n".utf8))
      passage.pass()
      return false
    },
    LineFault(name: "arrives after the one that follows it", outcome: .goesOn) { passage in
      let answer = passage.pass()
      if let before = passage.before { passage.pass(before.request) }
      return answer.map { passage.send($0.bytes()) } ?? false
    },
    LineFault(name: "gets the answer to the one before", outcome: .either) { passage in
      passage.pass()
      return passage.before.map { passage.send($0.answer.bytes()) } ?? false
    },
    LineFault(name: "gets the answer to the one before, and never arrives", outcome: .either) { passage in
      passage.before.map { passage.send($0.answer.bytes()) } ?? false
    },
    LineFault(name: "gets two answers in the wrong order", outcome: .either) { passage in
      guard let answer = passage.pass() else { return false }
      return passage.send((passage.before?.answer ?? answer).bytes() + answer.bytes())
    },
  ]
}
