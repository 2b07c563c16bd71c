import PtyTesting
import Testing

@Suite("A slow line")
struct SlowLineTests {
  /// 1,000 bytes a second, half a second each way, packets of 90 bytes and 10 of headers.
  static let line = SlowLine(bitsPerSecond: 8000, roundTrip: 1, headers: 10, payload: 90, room: 200)

  static func bytes(_ count: Int) -> [UInt8] { Array(repeating: 0x78, count: count) }

  @Test("shows what was written when its packets have been sent, one after the other, and were under way")
  func carries() {
    var line = Self.line
    line.write(Self.bytes(90), at: 10)
    line.write(Self.bytes(40), at: 10)
    #expect(line.shown(by: 10.59) == [])
    #expect(abs((line.nextEvent(after: 10) ?? 0) - 10.1) < 1e-9)
    #expect(abs((line.nextEvent(after: 10.55) ?? 0) - 10.6) < 1e-9)
    let shown = line.shown(by: 11)
    #expect(shown.map(\.bytes.count) == [90, 40])
    #expect(abs((shown.first?.at ?? 0) - 10.6) < 1e-9)
    #expect(abs((shown.last?.at ?? 0) - 10.65) < 1e-9)
    #expect(line.isQuiet)
    #expect(line.shown(by: 20) == [])
    #expect(line.nextEvent(after: 20) == nil)
  }

  @Test("parts what is more than a packet, and loses and turns round nothing of it")
  func parts() {
    var line = Self.line
    let text = (0..<200).map { UInt8($0) }
    line.write(text, at: 0)
    let shown = line.shown(by: 10)
    #expect(shown.map(\.bytes.count) == [90, 90, 20])
    #expect(shown.flatMap(\.bytes) == text)
    #expect(zip(shown, shown.dropFirst()).allSatisfy { $0.at < $1.at })
  }

  @Test("lets the program wait while its buffer is full, and go on as packets leave")
  func fills() {
    var line = Self.line
    line.write(Self.bytes(190), at: 0)
    #expect(line.hasRoom(at: 0))
    line.write(Self.bytes(10), at: 0)
    #expect(!line.hasRoom(at: 0))
    #expect(!line.hasRoom(at: 0.09))
    // The first packet has left, and is still under way.
    #expect(line.hasRoom(at: 0.11))
    #expect(line.shown(by: 0.11) == [])
  }

  @Test("brings keys late, in their order, and each once")
  func types() {
    var line = Self.line
    line.type([0x6A], at: 1)
    line.type([0x6B], at: 1.2)
    #expect(line.nextEvent(after: 1) == 1.5)
    #expect(line.typed(by: 1.4) == [])
    #expect(line.typed(by: 1.6) == [.init(at: 1.5, bytes: [0x6A])])
    #expect(line.typed(by: 2).map(\.bytes) == [[0x6B]])
    #expect(line.typed(by: 3) == [])
  }

  @Test("between a program and its screen changes nothing of what is shown in the end")
  func program() throws {
    let script = "printf 'ask'; read word; printf '<%s>' \"$word\"; seq 1 40"
    func screen(_ line: SlowLine?) throws -> (text: String, received: Int) {
      let terminal = try Pty("/bin/sh", ["-c", script], over: line)
      try terminal.expect("ask")
      try terminal.send("here\r")
      #expect(try terminal.waitForExit() == .code(0))
      #expect(terminal.arrivals.last?.received == terminal.received)
      return (terminal.screen.text, terminal.received)
    }
    let near = try screen(nil)
    let far = try screen(SlowLine(bitsPerSecond: 64_000, roundTrip: 0.1))
    #expect(near.text.contains("40"))
    #expect(far == near)
  }
}
