internal import Domain
internal import SyncProtocol
internal import Testing

@Suite("Following the inbox") struct InboxClientTests {
  private func item(_ number: Int) -> InboxPage.Item {
    InboxPage.Item(
      id: RawText("\(number)"), kind: "question", name: "q", body: [1], publishedAt: Timestamp(microseconds: 0))
  }

  private func page(_ numbers: ClosedRange<Int>?, next: LogCursor) -> InboxPage {
    InboxPage(items: numbers.map { $0.map(item) } ?? [], next: next)
  }

  @Test("keeps a page before it moves on, and asks until nothing is new") func pages() {
    var client = InboxClient(cursor: .start)
    let (two, three) = (LogCursor(epoch: 1, number: 2), LogCursor(epoch: 1, number: 3))
    #expect(client.begin() == [.ask(after: .start)])
    #expect(
      client.take(page(1...2, next: two), after: .start) == [.keep([item(1), item(2)]), .save(two), .ask(after: two)])
    #expect(client.take(page(3...3, next: three), after: two) == [.keep([item(3)]), .save(three), .ask(after: three)])
    #expect(client.take(page(nil, next: three), after: three) == [])
    #expect(client.cursor == three)
  }

  @Test("lets an answer pass that comes again, or late, or to nobody") func late() {
    var client = InboxClient(cursor: .start)
    let one = LogCursor(epoch: 1, number: 1)
    let first = page(1...1, next: one)
    #expect(client.take(first, after: .start) == [])
    _ = client.begin()
    #expect(client.take(first, after: .start) != [])
    #expect(client.take(first, after: .start) == [])
    #expect(client.cursor == one)
  }

  @Test("goes back with a collector that was restored: everything comes again") func restored() {
    let old = LogCursor(epoch: 1, number: 9)
    #expect(old.inboxPlace(in: 1) == 9 && old.inboxPlace(in: 2) == 0)
    var client = InboxClient(cursor: old)
    _ = client.begin()
    let empty = LogCursor(epoch: 2, number: 0)
    #expect(client.take(page(nil, next: empty), after: old) == [.save(empty)])
    #expect(client.cursor == empty)
  }

  @Test("does not ask a collector for ever that gives items and does not move on") func stuck() {
    var client = InboxClient(cursor: .start)
    _ = client.begin()
    #expect(client.take(page(1...1, next: .start), after: .start) == [.keep([item(1)])])
  }
}
