import Domain
import Feedback
import Foundation
import Ledger
import Testing

@Suite("A ledger as a file")
struct FilesTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// A ledger with so many notes beside its stream's beginning.
  private func filled(_ notes: Int) throws -> [Event] {
    let ledger = try scratch.open()
    let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    let bodies = (0..<notes).map { EventBody(stamp: Sample.stamp(Double($0)), payload: .note(RawText("note \($0)"))) }
    if !bodies.isEmpty { try ledger.append(bodies, to: stream.id) }
    defer { try? ledger.close() }
    return try ledger.events(of: stream.id, limit: 1000)
  }

  private func events(_ path: String) throws -> [Event] {
    let ledger = try Ledger(path: path)
    defer { try? ledger.close() }
    return try ledger.events(of: #require(try ledger.streams().first).id, limit: 1000)
  }

  @Test("is restored from a backup, and the one that was there stays beside it")
  func restored() throws {
    let early = try filled(2)
    let copy = scratch.folder + "/copy.sqlite"
    try scratch.open().backUp(to: copy)
    let late = try filled(3)
    let old = try #require(try Ledger.restore(copy, to: scratch.path))
    #expect(old == scratch.path + ".replaced")
    #expect(try events(scratch.path) == early)
    #expect(try events(old) == late)
    #expect(try scratch.mode(scratch.path) == 0o600)
    #expect(try Ledger.restore(copy, to: scratch.path) == scratch.path + ".replaced-2")
    // On a new machine there is nothing to replace.
    let other = scratch.folder + "/new/home/ledger.sqlite"
    #expect(try Ledger.restore(copy, to: other) == nil)
    #expect(try events(other) == early)
    let left = try FileManager.default.contentsOfDirectory(atPath: scratch.folder + "/state")
    #expect(!left.contains { $0.contains("partial") }, "\(left)")
  }

  @Test("is restored where the one that was there is no database any more, and that one stays beside it as well")
  func destroyed() throws {
    let kept = try filled(2)
    let copy = scratch.folder + "/copy.sqlite"
    try scratch.open().backUp(to: copy)
    let ledger = try FileHandle(forUpdating: URL(fileURLWithPath: scratch.path))
    try ledger.write(contentsOf: Data(repeating: 0x5A, count: 4096))
    try ledger.close()
    let old = try #require(try Ledger.restore(copy, to: scratch.path))
    #expect(try events(scratch.path) == kept)
    #expect(try Data(contentsOf: URL(fileURLWithPath: old)).prefix(4) == Data("ZZZZ".utf8))
  }

  @Test("is not replaced by what is no whole ledger, and stays as it was")
  func refused() throws {
    let kept = try filled(2)
    let text = scratch.folder + "/text"
    try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: text))
    #expect(throws: LedgerError.notALedger(path: text)) { try Ledger.restore(text, to: scratch.path) }
    #expect(throws: LedgerError.missing(path: scratch.folder + "/none")) {
      try Ledger.restore(scratch.folder + "/none", to: scratch.path)
    }
    // One byte of a backup's event is flipped.
    let copy = scratch.folder + "/copy.sqlite"
    try scratch.open().backUp(to: copy)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: copy))
    let place = try #require(bytes.range(of: Data("note 1".utf8)))
    bytes[place.lowerBound] = UInt8(ascii: "N")
    try bytes.write(to: URL(fileURLWithPath: copy))
    #expect(throws: LedgerError.self) { try Ledger.restore(copy, to: scratch.path) }
    #expect(try events(scratch.path) == kept)
  }

  @Test("is neither restored over nor moved away while a session has it open")
  func inUse() throws {
    let kept = try filled(1)
    let copy = scratch.folder + "/copy.sqlite"
    let session = try scratch.open()
    try session.backUp(to: copy)
    #expect(throws: LedgerError.inUse(path: scratch.path)) { try Ledger.restore(copy, to: scratch.path) }
    #expect(throws: LedgerError.inUse(path: scratch.path)) {
      try Ledger.move(scratch.path, to: scratch.folder + "/moved.sqlite")
    }
    #expect(!FileManager.default.fileExists(atPath: scratch.folder + "/moved.sqlite"))
    let stream = try #require(try session.streams().first)
    #expect(try session.events(of: stream.id, limit: 9) == kept)
    try session.append([EventBody(stamp: Sample.stamp(), payload: .note("goes on"))], to: stream.id)
    try session.close()
    try Ledger.restore(copy, to: scratch.path)
    #expect(try events(scratch.path) == kept)
  }

  @Test("is moved whole, and the old file says by its name that it was")
  func moved() throws {
    let kept = try filled(4)
    let other = scratch.folder + "/elsewhere/l.sqlite"
    #expect(try Ledger.move(scratch.path, to: other) == scratch.path + ".moved")
    #expect(try events(other) == kept)
    #expect(!FileManager.default.fileExists(atPath: scratch.path))
    #expect(throws: LedgerError.missing(path: scratch.path)) {
      try Ledger.move(scratch.path, to: scratch.folder + "/x.sqlite")
    }
    _ = try filled(1)
    #expect(throws: LedgerError.cannotOpen(path: other, errno: EEXIST)) { try Ledger.move(scratch.path, to: other) }
  }

  @Test("does not hold on its pages what was purged")
  func compacted() throws {
    let ledger = try scratch.open()
    let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    let item = Sample.newCase(1, text: "a secret that nobody judged")
    let seen = EventBody(stamp: Sample.stamp(), caseID: item.id, payload: .seen(Sample.seen(item)))
    let events = try ledger.append([seen], to: stream.id)
    try ledger.keepCursor(
      of: stream.id, epoch: 1, acked: Chain.Head(seq: events[0].seq, hash: events[0].hash),
      safe: Chain.Head(seq: events[0].seq, hash: events[0].hash))
    func isThere() -> Bool {
      ["", "-wal"].contains { suffix in
        let bytes = FileManager.default.contents(atPath: scratch.path + suffix) ?? Data()
        return bytes.range(of: Data("a secret that nobody judged".utf8)) != nil
      }
    }
    #expect(isThere())
    #expect(try ledger.prune(stream.id, before: Sample.start.advanced(bySeconds: 1)) == 1)
    try ledger.compact()
    #expect(!isThere())
    #expect(try ledger.verify().fault == nil)
  }
}
