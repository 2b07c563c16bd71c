internal import Domain
internal import Feedback
internal import Testing

@testable internal import SyncProtocol

@Suite("A receipt that is carried")
struct ReceiptTests {
  private static let stream = StreamID.numbered(3)
  private let events = Stub.chain(9, in: Self.stream)
  private let forged = Stub.chain(9, in: Self.stream, from: 100)

  private func receipt(
    base: Position = .empty, head: Position, safe: Position = .empty, epoch: Int = 1, results: [OfferedEvent] = []
  ) -> BundleReceipt {
    BundleReceipt(
      base: base,
      answer: BatchAnswer(
        epoch: epoch, head: head, safe: safe, now: Timestamp(microseconds: 0),
        results: results.map { RecordResult($0.position, .stored) }))
  }

  private func learnt(_ receipts: [BundleReceipt], from cursor: SyncCursor) -> SyncCursor? {
    var cursor = cursor
    for receipt in receipts {
      guard cursor.learn(from: receipt, own: Stub.hashes(events)) else { return nil }
    }
    return cursor
  }

  @Test("proves what its hashes prove, whether one answer or many say it")
  func proves() {
    let start = SyncCursor(stream: Self.stream)
    let whole = receipt(head: events[8].position, safe: events[3].position, results: events)
    let known = SyncCursor(stream: Self.stream, epoch: 1, acked: events[8].position, safe: events[3].position)
    #expect(learnt([whole], from: start) == known)
    #expect(learnt([whole, whole], from: start) == known)
    // The head is of another lineage: only the run of echoed hashes counts.
    let run = [
      receipt(head: forged[8].position, results: Array(events[..<4])),
      receipt(base: events[3].position, head: forged[8].position, results: Array(events[4..<6])),
    ]
    #expect(learnt(run, from: start)?.acked == events[5].position)
  }

  @Test("proves nothing by hashes that are not the own ones")
  func forgedHashes() {
    let start = SyncCursor(stream: Self.stream, epoch: 1, acked: events[1].position)
    let all = receipt(head: forged[8].position, safe: forged[8].position, results: forged)
    #expect(learnt([all], from: start) == start)
    // Not by its base either, which a new epoch would else make the cursor.
    let base = receipt(base: forged[0].position, head: forged[8].position, epoch: 2)
    #expect(learnt([base], from: start) == nil)
  }

  @Test("of a restored collector takes back what it no longer proves; one from before that is refused")
  func epochs() {
    let known = SyncCursor(stream: Self.stream, epoch: 1, acked: events[8].position, safe: events[8].position)
    let restored = receipt(
      base: events[1].position, head: events[4].position, epoch: 2, results: Array(events[2..<5]))
    let after = SyncCursor(stream: Self.stream, epoch: 2, acked: events[4].position)
    #expect(learnt([restored], from: known) == after)
    #expect(learnt([receipt(head: events[8].position)], from: after) == nil)
  }
}
