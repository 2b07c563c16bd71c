internal import Domain
internal import Feedback
internal import Testing

@testable internal import SyncProtocol

@Suite("A bundle")
struct BundleTests {
  private static let stream = StreamID.numbered(7)

  private static func header(_ events: [OfferedEvent], base: Position = .empty) -> BundleHeader {
    BundleHeader(
      .events, stream: stream, base: base, last: events.last?.position ?? base, count: events.count,
      collectorID: "c", analyst: "ana", workstation: "lab", tool: "mds", created: Timestamp(microseconds: 0))
  }

  private static func bundle(_ events: [OfferedEvent], base: Position = .empty) -> [UInt8] {
    var writer = BundleWriter()
    var bytes = writer.begin(header(events, base: base))
    for event in events { bytes += writer.add(event) }
    return bytes + writer.end()
  }

  /// What comes out of these bytes in chunks of a size, and why no more.
  private static func read(_ bytes: [UInt8], chunk: Int = 4096) -> ([BundleReader.Item], BundleFault?) {
    var reader = BundleReader()
    var items: [BundleReader.Item] = []
    do throws(BundleFault) {
      var rest = bytes[...]
      while !rest.isEmpty {
        reader.feed(rest.prefix(chunk))
        rest = rest.dropFirst(chunk)
        while let item = try reader.next() { items.append(item) }
      }
      try reader.finish()
    } catch {
      return (items, error)
    }
    return (items, nil)
  }

  private static func events(in items: [BundleReader.Item]) -> [OfferedEvent] {
    items.compactMap { if case .event(let event) = $0 { event } else { nil } }
  }

  @Test("gives back what was written, whatever the chunks", arguments: [1, 2, 7, 100, 4096])
  func roundTrip(chunk: Int) {
    var events = Stub.chain(20, in: Self.stream)
    events[4] = events[4].withheld
    let (items, fault) = Self.read(Self.bundle(events), chunk: chunk)
    #expect(fault == nil)
    #expect(items.first == .header(Self.header(events)))
    #expect(Self.events(in: items) == events)
    #expect(items.last == .end)
    #expect(items.count == 22)
  }

  @Test("that begins at the largest place there is has no event after it, and ends no program")
  func largestPlace() {
    let base = Position(seq: .max, hash: .zero)
    for seq in [0, 1, Int.max] {
      var event = Stub.chain(1, in: Self.stream)[0]
      event.seq = seq
      event.hash = Event.hash(
        stream: Self.stream, seq: seq, prev: event.prev, eventID: event.eventID, leaf: event.leaf)
      var writer = BundleWriter()
      var header = Self.header([], base: base)
      header.count = 1
      let (items, fault) = Self.read(writer.begin(header) + writer.add(event) + writer.end())
      #expect(items == [.header(header)])
      #expect(fault?.reason == .contradictory("event #\(seq) is not linked to the one before it"))
    }
  }

  @Test("carries contents behind its events, in pieces that a reader can hold", arguments: [1000, 1 << 16])
  func contents(chunk: Int) {
    let events = Stub.chain(2, in: Self.stream)
    let content = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 5) }
    let pieces = BundleBlob.pieces(of: content)
    #expect(pieces.count == 3 && BundleBlob.count(bytes: content.count) == 3)
    var header = Self.header(events)
    header.count += pieces.count
    var writer = BundleWriter()
    var bytes = writer.begin(header)
    for event in events { bytes += writer.add(event) }
    for piece in pieces { bytes += writer.add(piece) }
    let (items, fault) = Self.read(bytes + writer.end(), chunk: chunk)
    #expect(fault == nil)
    let found = items.compactMap { if case .blob(let blob) = $0 { blob } else { nil } }
    #expect(found.flatMap(\.bytes) == content && found.allSatisfy { $0.hash == Hash.of(content) })

    var early = BundleWriter()
    var wrong = early.begin(header)
    wrong += early.add(pieces[0])
    #expect(Self.read(wrong).1 != nil)
  }

  @Test("may begin after any event, and may be empty")
  func base() {
    let events = Stub.chain(5, in: Self.stream)
    let rest = Array(events.dropFirst(3))
    #expect(Self.events(in: Self.read(Self.bundle(rest, base: events[2].position)).0) == rest)
    let (items, fault) = Self.read(Self.bundle([], base: events[4].position))
    #expect(fault == nil && items.count == 2)
  }

  @Test("that is cut off anywhere gives a beginning of its events and says up to where it is whole")
  func truncated() {
    let events = Stub.chain(6, in: Self.stream)
    let bytes = Self.bundle(events)
    var seen: Set<Int> = []
    for length in bytes.indices {
      let (items, fault) = Self.read(Array(bytes[..<length]), chunk: 64)
      #expect(fault?.reason == .truncated, "\(length)")
      #expect((fault?.offset ?? 0) <= length)
      let found = Self.events(in: items)
      #expect(found == Array(events.prefix(found.count)), "\(length)")
      seen.insert(found.count)
    }
    #expect(seen == Set(0...6))
  }

  @Test("in which any byte is changed, by any bit, gives a beginning of its events and a fault")
  func flipped() {
    let events = Stub.chain(3, in: Self.stream)
    let bytes = Self.bundle(events)
    for index in bytes.indices {
      for bit in 0..<8 {
        var changed = bytes
        changed[index] ^= 1 << bit
        let (items, fault) = Self.read(changed)
        let found = Self.events(in: items)
        #expect(fault != nil, "byte \(index), bit \(bit)")
        #expect(found == Array(events.prefix(found.count)), "byte \(index), bit \(bit)")
        #expect(!items.contains(.end), "byte \(index), bit \(bit)")
      }
    }
  }

  @Test("that goes on after its end, or leaves out, doubles or exchanges a frame, is refused")
  func rearranged() {
    let events = Stub.chain(3, in: Self.stream)
    let bytes = Self.bundle(events)
    #expect(Self.read(bytes + [0]).1 != nil)
    #expect(Self.read(bytes + bytes).1 != nil)
    #expect(Self.read(Array("MDSB2\n".utf8)).1?.reason == .foreign)
    for order in [[0, 2], [0, 1], [1, 2], [0, 0, 1, 2], [1, 0, 2], [0, 1, 2, 2]] {
      var writer = BundleWriter()
      var bytes = writer.begin(Self.header(events))
      for index in order { bytes += writer.add(events[index]) }
      #expect(Self.read(bytes + writer.end()).1 != nil, "\(order)")
    }
  }

  @Test("has a frame of a mebibyte at most: a length beyond is damage, not memory")
  func longFrame() {
    let bytes = BundleFrame.magic + [0x00, 0x10, 0x00, 0x01, 0x48] + [UInt8](repeating: 0, count: 64)
    #expect(Self.read(bytes).1 == BundleFault(.damaged, at: 6))
  }

  @Test("of receipts gives back each answer")
  func receipts() {
    let events = Stub.chain(3, in: Self.stream)
    let answer = BatchAnswer(
      epoch: 4, head: events[2].position, safe: events[0].position, now: Timestamp(microseconds: 99),
      results: [
        RecordResult(events[1].position, .stored),
        RecordResult(events[2].position, .quarantined, code: "analyst"),
      ])
    let receipt = BundleReceipt(base: events[0].position, answer: answer)
    var header = Self.header(events)
    header.content = .receipt
    header.count = 1
    var writer = BundleWriter()
    let bytes = writer.begin(header) + writer.add(receipt) + writer.end()
    let (items, fault) = Self.read(bytes)
    #expect(fault == nil)
    #expect(items == [.header(header), .receipt(receipt), .end])
  }

  @Test("has CRC-32C and Merkle roots as others compute them")
  func sums() {
    // RFC 3720 B.4, and the hash of no bytes.
    #expect(CRC32C.of("123456789".utf8) == 0xE306_9283)
    #expect(CRC32C.of([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(MerkleRoot().hash.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    // The first roots of Certificate Transparency's reference tests: leaves "", 00, 10.
    var tree = MerkleRoot()
    tree.add([])
    #expect(tree.hash.hex == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")
    tree.add([0x00])
    #expect(tree.hash.hex == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")
    tree.add([0x10])
    #expect(tree.hash.hex == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")
  }
}
