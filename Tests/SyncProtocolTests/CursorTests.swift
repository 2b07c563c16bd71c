internal import Domain
internal import Feedback
internal import Testing

@testable import SyncProtocol

@Suite("What an answer proves") struct CursorTests {
  private let stream = StreamID.numbered(1)
  private let events: [OfferedEvent]
  private let strangers: [OfferedEvent]

  init() {
    events = Stub.chain(10, in: stream)
    strangers = Stub.chain(10, in: stream, from: 100)
  }

  private func answer(
    epoch: Int = 1, head: Position, safe: Position = .empty, results: [RecordResult] = []
  ) -> BatchAnswer {
    BatchAnswer(epoch: epoch, head: head, safe: safe, now: Timestamp(microseconds: 0), results: results)
  }

  private func batch(base: Int, count: Int) -> EventBatch {
    EventBatch(
      stream: stream, base: base == 0 ? .empty : events[base - 1].position, epoch: 1,
      events: Array(events[base..<base + count]))
  }

  private func cursor(_ acked: Int, safe: Int = 0) -> SyncCursor {
    SyncCursor(
      stream: stream, epoch: 1, acked: acked == 0 ? .empty : events[acked - 1].position,
      safe: safe == 0 ? .empty : events[safe - 1].position)
  }

  @Test("receipts with the own hashes move the cursor to the last of their run") func receipts() {
    var cursor = cursor(0)
    let results = [
      RecordResult(events[0].position, .stored), RecordResult(events[1].position, .duplicate),
      RecordResult(events[2].position, .quarantined, code: "unreadable"), RecordResult(events[3].position, .gap),
    ]
    let told = cursor.learn(
      from: answer(head: strangers[9].position, results: results), to: batch(base: 0, count: 4),
      own: Stub.hashes(events))
    #expect(told && cursor.acked == events[2].position)
  }

  @Test("a receipt with another hash moves nothing, nor does what follows it") func foreignReceipt() {
    var cursor = cursor(0)
    let results = [
      RecordResult(events[0].position, .stored), RecordResult(strangers[1].position, .duplicate),
      RecordResult(events[2].position, .stored),
    ]
    _ = cursor.learn(
      from: answer(head: strangers[1].position, results: results), to: batch(base: 0, count: 3),
      own: Stub.hashes(events))
    #expect(cursor.acked == events[0].position)
  }

  @Test("a verdict that this version does not know is no receipt") func unknownVerdict() {
    var cursor = cursor(0)
    _ = cursor.learn(
      from: answer(head: .empty, results: [RecordResult(events[0].position, "archived-twice")]),
      to: batch(base: 0, count: 1), own: Stub.hashes(events))
    #expect(cursor.acked == .empty)
  }

  @Test("a head counts with its own hash only") func head() {
    var cursor = cursor(2)
    _ = cursor.learn(
      from: answer(head: strangers[6].position), to: batch(base: 2, count: 0), own: Stub.hashes(events))
    #expect(cursor.acked == events[1].position)
    _ = cursor.learn(from: answer(head: events[6].position), to: batch(base: 2, count: 0), own: Stub.hashes(events))
    #expect(cursor.acked == events[6].position)
  }

  @Test("what is safe counts with its own hash only, and never beyond what is received") func safe() {
    var cursor = cursor(4)
    let ask = batch(base: 4, count: 0)
    _ = cursor.learn(
      from: answer(head: events[3].position, safe: strangers[2].position), to: ask, own: Stub.hashes(events))
    #expect(cursor.safe == .empty)
    _ = cursor.learn(
      from: answer(head: strangers[8].position, safe: events[7].position), to: ask, own: Stub.hashes(events))
    #expect(cursor.safe == .empty)
    _ = cursor.learn(
      from: answer(head: events[3].position, safe: events[2].position), to: ask, own: Stub.hashes(events))
    #expect(cursor.safe == events[2].position)
  }

  @Test("a new epoch takes the cursor back to the base of the very question") func epoch() {
    var cursor = cursor(8, safe: 6)
    let told = cursor.learn(
      from: answer(epoch: 2, head: strangers[9].position), to: batch(base: 3, count: 2), own: Stub.hashes(events))
    #expect(told && cursor == SyncCursor(stream: stream, epoch: 2, acked: events[2].position))
  }

  @Test("an answer from before a restore is not heard, nor one about another stream") func stale() {
    var cursor = cursor(1)
    cursor.epoch = 2
    let before = cursor
    let receipt = answer(epoch: 1, head: events[4].position, results: [RecordResult(events[1].position, .stored)])
    let heard = cursor.learn(from: receipt, to: batch(base: 1, count: 1), own: Stub.hashes(events))
    var other = batch(base: 1, count: 1)
    other.stream = .numbered(9)
    let heardOther = cursor.learn(from: answer(epoch: 2, head: .empty), to: other, own: Stub.hashes(events))
    #expect(!heard && !heardOther && cursor == before)
  }

  @Test("a restored collector that holds a copy's lineage proves nothing of ours") func copiedLineage() {
    // Backup: the copy's events. Live: ours. The late answer to a question from before brings the new epoch, a head
    // and a safe mark of the other lineage at places that we have too.
    var cursor = cursor(5, safe: 2)
    _ = cursor.learn(
      from: answer(epoch: 2, head: strangers[7].position, safe: strangers[7].position),
      to: batch(base: 1, count: 0), own: Stub.hashes(events))
    #expect(cursor == SyncCursor(stream: stream, epoch: 2, acked: events[0].position))
  }
}
