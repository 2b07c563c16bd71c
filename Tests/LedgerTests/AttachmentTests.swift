import Domain
import Feedback
import Ledger
import Testing

@Suite("Records that are too large for an event")
struct AttachmentTests {
  let scratch: Scratch
  let ledger: Ledger
  let stream: LedgerStream

  init() throws {
    scratch = try Scratch()
    ledger = try scratch.open()
    stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
  }

  private func save(_ number: Int) throws -> (seen: Event?, hash: Hash) {
    let item = Sample.newCase(number, text: RawText(String(repeating: "long ", count: 10_000)))
    try ledger.store([item], service: "s", context: "prod")
    let seen = Seen(record: try SeenRecord(item.record), model: item.model)
    let bytes = try item.record.canonicalBytes()
    let saved = try ledger.save(
      Submission(caseID: item.id, seen: seen, statements: [Sample.judgement(.agree)], attachments: [bytes]),
      to: stream.id, stamp: Sample.stamp(Double(number)))
    return (saved.events.first { $0.kind == .seen }, Hash.of(bytes))
  }

  @Test("wait beside it until the collector has them, each once, and stay here")
  func waiting() throws {
    let (seen, hash) = try save(1)
    #expect(try #require(seen?.body).count < 2000)
    // The same view is not kept twice.
    #expect(try save(1).seen == nil)
    let second = try save(2).hash
    #expect(try ledger.openAttachments(context: "prod").map(\.hash) == [hash, second])
    #expect(try ledger.openAttachments(context: "prod", limit: 1).map(\.hash) == [hash])
    #expect(try ledger.openAttachments(context: "lab").isEmpty)
    #expect(try ledger.blob(hash).map { Hash.of($0) } == hash)
    try ledger.markSent(attachment: hash, context: "prod", at: Sample.start)
    #expect(try ledger.openAttachments(context: "prod").map(\.hash) == [second])
    #expect(try ledger.blob(hash) != nil)
  }

  @Test("go with the event that names them when it is redacted, and are not sent any more")
  func redacted() throws {
    let (seen, hash) = try save(1)
    try ledger.redact(#require(seen).eventID, reason: "a name", stamp: Sample.stamp(9))
    #expect(try ledger.blob(hash) == nil)
    #expect(try ledger.openAttachments(context: "prod").isEmpty)
    #expect(try ledger.verify().fault == nil)
  }
}
