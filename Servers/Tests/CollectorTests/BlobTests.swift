internal import Domain
internal import Feedback
internal import HTTPTypes
internal import Hummingbird
internal import InProcess
internal import SyncProtocol
internal import Testing

@testable import Collector

@Suite("Large contents at the collector") struct BlobTests {
  private let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }

  private func caller(_ bench: Bench, _ scopes: [TokenScope]) throws -> Caller {
    Caller(
      client: InProcessClient(try bench.collector().router().buildResponder()),
      token: try bench.token("a\(scopes.count)", scopes))
  }

  private func put(
    _ caller: Caller, _ range: Range<Int>, of bytes: [UInt8], as hash: Hash, size: Int? = nil
  ) async throws -> Caller.Answer {
    try await caller.call(
      .put, "/v1/blobs/\(hash.hex)", Array(bytes[range]),
      headers: [.contentRange: "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size ?? bytes.count)"])
  }

  private func get(_ caller: Caller, _ hash: Hash, from offset: Int) async throws -> Caller.Answer {
    try await caller.call(.get, "/v1/blobs/\(hash.hex)", headers: [.range: "bytes=\(offset)-"])
  }

  @Test("arrive in pieces: what is cut off goes on, a piece that comes twice changes nothing", arguments: Kept.allCases)
  func pieces(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let ana = try caller(bench, [.write])
    let hash = Hash.of(content)
    #expect(try await ana.get("/v1/blobs/\(hash.hex)/state").status == 404)
    #expect(try await put(ana, 0..<100_000, of: content, as: hash).message(BlobState.self).received == 100_000)
    let again = try await put(ana, 0..<100_000, of: content, as: hash)
    #expect(again.status == 409)
    #expect(try again.message(BlobState.self) == BlobState(hash: hash, size: 300_000, received: 100_000))
    #expect(try await put(ana, 200_000..<300_000, of: content, as: hash).status == 409)
    #expect(try await put(ana, 100_000..<150_000, of: content, as: hash, size: 299_999).status == 409)
    #expect(try await put(ana, 100_000..<300_000, of: content, as: hash).message(BlobState.self).isWhole)
    #expect(try await put(ana, 0..<100_000, of: content, as: hash).message(BlobState.self).isWhole)
    #expect(try await ana.get("/v1/blobs/\(hash.hex)/state").message(BlobState.self).isWhole)
    #expect(try BlobBook(bench.database).content(of: hash) == content)
  }

  @Test("that are not what their hash says are not kept, and can be sent again", arguments: Kept.allCases)
  func mismatch(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let ana = try caller(bench, [.write])
    let hash = Hash.of(content)
    var wrong = content
    wrong[123_456] ^= 1
    #expect(try await put(ana, 0..<200_000, of: wrong, as: hash).status == 200)
    let answer = try await put(ana, 200_000..<300_000, of: wrong, as: hash)
    #expect(answer.status == 422 && answer.refusal == "hash")
    #expect(try await ana.get("/v1/blobs/\(hash.hex)/state").status == 404)
    #expect(try await put(ana, 0..<300_000, of: content, as: hash).message(BlobState.self).isWhole)
  }

  @Test(
    "are nobody's to block: whatever others say of one, its owner sends it to the end, also from another size of its own",
    arguments: Kept.allCases)
  func others(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let client = InProcessClient(try bench.collector().router().buildResponder())
    func caller(_ name: String) throws -> Caller { Caller(client: client, token: try bench.token(name, [.write])) }
    let (ana, mallory, trudy) = (try caller("ana"), try caller("mallory"), try caller("trudy"))
    let hash = Hash.of(content)
    let zeros = [UInt8](repeating: 0, count: content.count)
    #expect(try await put(mallory, 0..<1, of: zeros, as: hash, size: 999).status == 200)
    #expect(try await put(trudy, 0..<200_000, of: zeros, as: hash).status == 200)
    #expect(try await ana.get("/v1/blobs/\(hash.hex)/state").status == 404)
    #expect(try await put(ana, 0..<1, of: content, as: hash, size: 2).status == 200)
    #expect(try await put(ana, 1..<2, of: content, as: hash).status == 409)
    for start in stride(from: 0, to: content.count, by: 100_000) {
      #expect(try await put(mallory, 0..<1, of: zeros, as: hash, size: 998 + start).status == 200)
      let state = try await put(ana, start..<start + 100_000, of: content, as: hash).message(BlobState.self)
      #expect(state == BlobState(hash: hash, size: content.count, received: start + 100_000))
    }
    #expect(try BlobBook(bench.database).content(of: hash) == content)
    // Nothing is left of the others', and nothing that they send counts.
    let left = try bench.database.readNow { db in
      try db.integer("SELECT (SELECT count(*) FROM blob_staged) + (SELECT count(*) FROM blob_staged_part)")
    }
    #expect(left == 0)
    #expect(try await put(trudy, 200_000..<300_000, of: zeros, as: hash).message(BlobState.self).isWhole)
    #expect(try await put(mallory, 0..<1, of: zeros, as: hash, size: 999).status == 409)
    #expect(try BlobBook(bench.database).content(of: hash) == content)
  }

  @Test(
    "that nobody finishes do not fill the disk: of one token's what it left longest goes, and what nobody went on with for a month",
    arguments: Kept.allCases)
  func unfinished(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let (book, narrow) = (BlobBook(bench.database), BlobBook(bench.database, mostUnfinished: 2 * content.count))
    let contents = (0..<4).map { number in content.map { $0 &+ UInt8(number) } }
    func begin(_ number: Int, from token: Int64 = 1, in given: BlobBook? = nil) async throws {
      let hash = Hash.of(contents[number])
      let outcome = try await (given ?? book).put(
        Array(contents[number][..<1000]), of: hash, at: 0, size: content.count, from: token)
      #expect(outcome == .kept(BlobState(hash: hash, size: content.count, received: 1000)))
    }
    func here(from token: Int64 = 1) async throws -> [Int] {
      var numbers: [Int] = []
      for (number, content) in contents.enumerated()
      where try await book.state(of: Hash.of(content), for: token) != nil { numbers.append(number) }
      return numbers
    }
    try await begin(0)
    try await begin(0, from: 2)
    try await begin(1)
    try await begin(2)
    #expect(try await here() == [0, 1, 2])
    // Gone on with: it is no longer the one that was left longest.
    _ = try await book.put([contents[0][1000]], of: Hash.of(contents[0]), at: 1000, size: content.count, from: 1)
    try await begin(3, in: narrow)
    #expect(try await here() == [0, 3])
    #expect(try await here(from: 2) == [0])
    func age(_ days: Double) throws {
      let then = Timestamp.now.advanced(bySeconds: -days * 86_400).description
      _ = try bench.database.writeNow { db in try db.run("UPDATE blob_staged SET at = ?", [.text(then)]) }
    }
    try age(29)
    try await begin(1)
    #expect(try await here() == [0, 1, 3])
    try age(31)
    try await begin(2)
    #expect(try await here() == [2])
    #expect(try await here(from: 2).isEmpty)
    let parts = try bench.database.readNow { db in try db.integer("SELECT count(*) FROM blob_staged_part") }
    #expect(parts == 1)
  }

  /// Publishes records as a queue of this name.
  private func publish(_ content: [UInt8], as name: String, for recipients: [String], _ bench: Bench) throws {
    let hash = try BlobBook(bench.database).publish(content)
    let queue = PublishedQueue(
      model: ModelID("wine"), count: 1, population: 1, content: hash, bytes: content.count)
    try PublicationBook(bench.database).publish(
      .queue, name: name, body: try queue.canonicalBytes(), recipients: recipients)
  }

  private func withdraw(_ name: String, for recipients: [String] = [], _ bench: Bench) throws {
    try PublicationBook(bench.database).publish(.queue, name: name, body: [], recipients: recipients)
  }

  private func pieces(_ bench: Bench) throws -> Int? {
    try bench.database.readNow { db in try db.integer("SELECT count(*) FROM blob_part") }
  }

  @Test("of a queue are for those that it is published for, and gone once it is withdrawn", arguments: Kept.allCases)
  func withdrawn(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let hash = Hash.of(content)
    let client = InProcessClient(try bench.collector().router().buildResponder())
    let ana = Caller(client: client, token: try bench.token("ana", [.write]))
    let brent = Caller(client: client, token: try bench.token("brent", [.write]))
    let researcher = Caller(client: client, token: try bench.token("ria", [.read]))
    func statuses() async throws -> [Int] {
      var statuses: [Int] = []
      for caller in [ana, brent, researcher] { statuses.append(try await get(caller, hash, from: 0).status) }
      return statuses
    }
    try publish(content, as: "week48", for: ["ana"], bench)
    let refused = try await get(brent, hash, from: 0)
    #expect(refused.refusal == "unknown-blob")
    #expect(try await statuses() == [206, 404, 206])
    func knows(_ caller: Caller) async throws -> Bool {
      try await caller.get("/v1/blobs/\(hash.hex)/state").status == 200
    }
    let known = [try await knows(ana), try await knows(brent), try await knows(researcher)]
    #expect(known == [true, false, true])
    // Nor does it tell its size, and who has it from elsewhere is in nobody's way.
    let guessed = try await put(brent, 0..<1, of: content, as: hash, size: 7).message(BlobState.self)
    #expect(guessed == BlobState(hash: hash, size: 7, received: 1))
    let sent = try await put(brent, 0..<content.count, of: content, as: hash).message(BlobState.self)
    #expect(sent.isWhole && sent.size == content.count)
    let staged = try bench.database.readNow { db in try db.integer("SELECT count(*) FROM blob_staged_part") }
    #expect(staged == 0)
    // A later version of the name takes nothing from whoever is taking up the one before.
    try publish(Array(content.dropFirst()), as: "week48", for: ["ana"], bench)
    #expect(try await statuses() == [206, 404, 206])

    // Another queue has the same records: they stay for whom that is published.
    try publish(content, as: "again", for: [], bench)
    #expect(try await statuses() == [206, 206, 206])
    try withdraw("again", for: ["brent"], bench)
    #expect(try await statuses() == [206, 404, 206])
    try withdraw("week48", bench)
    #expect(try await statuses() == [206, 404, 206])
    try withdraw("again", bench)
    #expect(try await statuses() == [404, 404, 404])
    #expect(try pieces(bench) == 0)
    #expect(try PublicationBook(bench.database).list().map(\.withdrawnBy) == [5, 5, 6, nil, nil, nil])
    #expect(try Verification(bench.database).run().faults == [])
  }

  @Test(
    "of a queue that a view names as well stay for researchers alone when it is withdrawn", arguments: Kept.allCases)
  func withdrawnAndSeen(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let hash = Hash.of(content)
    var stream = DeviceStream(1, analyst: "ana")
    try stream.add(.seen(Seen(record: .hash(hash, bytes: content.count), model: ModelID("wine"))))
    let client = InProcessClient(try bench.collector().router().buildResponder())
    let ana = Caller(client: client, token: try bench.token("ana", [.write]))
    _ = try await ana.open(stream.id)
    #expect(try await ana.verdicts(stream.offered, on: stream.id) == ["stored"])
    try publish(content, as: "week48", for: [], bench)
    try withdraw("week48", bench)
    #expect(try await get(ana, hash, from: 0).status == 404)
    #expect(try BlobBook(bench.database).content(of: hash) == content)
    // Now it goes with the view.
    #expect(try Redaction(bench.database).run(.event(stream.events[0].eventID), reason: "a name") == 1)
    #expect(try pieces(bench) == 0)
  }

  @Test("are for researchers, and for analysts where they were published", arguments: Kept.allCases) func rights(
    _ kept: Kept
  ) async throws {
    let bench = try Bench(kept)
    let ana = try caller(bench, [.write])
    let researcher = try caller(bench, [.read, .write])
    let hash = Hash.of(content)
    _ = try await put(ana, 0..<300_000, of: content, as: hash)
    #expect(try await get(ana, hash, from: 0).status == 404)
    let answer = try await get(researcher, hash, from: 250_000)
    #expect(answer.status == 206 && answer.body == Array(content[250_000...]))
    #expect(answer.headers[.contentRange] == "bytes 250000-299999/300000")
    try publish(content, as: "week48", for: [], bench)
    #expect(try await get(ana, hash, from: 0).body == Array(content[..<BlobPiece.bytes]))
    #expect(try await get(ana, hash, from: 300_000).status == 416)
    #expect(try await get(Caller(client: ana.client, token: nil), hash, from: 0).status == 401)
    #expect(
      try await put(Caller(client: ana.client, token: try bench.token("r", [.read])), 0..<9, of: content, as: hash)
        .status == 403)
  }

  @Test("are fetched whole, from whichever byte one goes on, in whatever pieces they came", arguments: Kept.allCases)
  func fetching(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let ana = try caller(bench, [.read, .write])
    let hash = Hash.of(content)
    for (start, end) in [(0, 1), (1, 70_000), (70_000, 299_999), (299_999, 300_000)] {
      _ = try await put(ana, start..<end, of: content, as: hash)
    }
    for start in [0, 1, 69_999, 70_000, 131_072, 299_998, 299_999] {
      var bytes: [UInt8] = []
      while start + bytes.count < content.count {
        let piece = try await get(ana, hash, from: start + bytes.count).body
        try #require(!piece.isEmpty)
        bytes += piece
      }
      #expect(bytes == Array(content[start...]))
    }
    for beyond in [content.count, Int.max] {
      #expect(try await get(ana, hash, from: beyond).status == 416)
    }
  }

  @Test("are refused where the header does not fit the body or the limit is passed", arguments: Kept.allCases)
  func limits(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let ana = try caller(bench, [.write])
    let hash = Hash.of(content)
    for range in [
      "", "bytes 0-8/10", "bytes 1-0/10", "bytes 5-14/10", "bytes -1-8/10", "bits 0-9/10",
      "bytes 0-\(Int.max)/10", "bytes 0-\(Int.max - 1)/\(Int.max)",
    ] {
      let answer = try await ana.call(
        .put, "/v1/blobs/\(hash.hex)", Array(content[..<10]), headers: [.contentRange: range])
      #expect(answer.status == 400, "\(range)")
    }
    #expect(try await put(ana, 0..<10, of: content, as: hash, size: BlobPiece.limit + 1).status == 413)
    let large = [UInt8](repeating: 0, count: BlobPiece.most + 1)
    #expect(try await put(ana, 0..<large.count, of: large, as: hash).status == 413)
    #expect(try await ana.get("/v1/blobs/12/state").status == 400)
    #expect(
      try await ana.call(.get, "/v1/blobs/\(hash.hex)", headers: [.range: "bytes=-5"]).status == 400)
  }

  @Test("are verified: a changed byte is found", arguments: Kept.allCases) func verified(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let hash = try BlobBook(bench.database).publish(content)
    let whole = try Verification(bench.database).run()
    #expect(whole.contents == 1 && whole.faults.isEmpty, "\(whole.faults)")
    try await bench.database.write { db in
      guard var data = try db.row("SELECT data FROM blob_part WHERE \"offset\" = 0")?.bytes("data") else { return }
      data[7] ^= 1
      try db.run("UPDATE blob_part SET data = ? WHERE \"offset\" = 0", [.bytes(data)])
    }
    #expect(
      try Verification(bench.database).run().faults.map(\.description)
        == ["content \(hash.hex): it is not what its hash says"])
  }

  private let income = ModelID("income", version: "3")

  @Test("a queue is drawn evenly by its seed, and each record keeps the chance that it had") func draw() throws {
    let lines = (0..<100).map { "{\"inputs\":{\"x\":\($0)},\"propensity\":0.5}" }.joined(separator: "\n\n")
    var first = try QueueDraw(Array(lines.utf8), of: income)
    var second = first
    first.draw(10, seed: 7)
    second.draw(10, seed: 7)
    #expect(first.bytes == second.bytes && first.lines.count == 10 && first.population == 100)
    #expect(first.lines.allSatisfy { abs($0.propensity - 0.05) < 1e-12 })
    second = try QueueDraw(Array(lines.utf8), of: income)
    second.draw(10, seed: 8)
    #expect(first.bytes != second.bytes)
    second = try QueueDraw(first.bytes, of: income)
    #expect(second.lines == first.lines)
    #expect(throws: QueueDraw.Fault(line: 3, reason: "propensity is 2.0; it is over 0 and at most 1")) {
      try QueueDraw(Array("{\"inputs\":{}}\n\n{\"inputs\":{},\"propensity\":2}".utf8), of: income)
    }
  }

  @Test(
    "a queue has each id once for a model, by which the analyst's tool tells records apart, and says in which lines not"
  )
  func twice() throws {
    func draw(_ lines: String...) throws -> Int {
      try QueueDraw(Array(lines.joined(separator: "\n").utf8), of: income).lines.count
    }
    let fault = QueueDraw.Fault(line: 3, reason: "its id is that of line 1 as well")
    let other = #"{"id":"b","inputs":{"x":1}}"#
    for (first, third) in [
      (#"{"id":"a","inputs":{"x":1}}"#, #"{"id":"a","inputs":{"x":2}}"#),
      (#"{"id":7,"inputs":{}}"#, #"{"id":7,"inputs":{}}"#),
      (#"{"id":"a","inputs":{}}"#, #"{"source_id":"a","id":"c","inputs":{}}"#),
      // What a line does not say of its model is what the queue's is.
      (#"{"id":"a","inputs":{}}"#, #"{"id":"a","model":"income","inputs":{}}"#),
      (#"{"id":"a","inputs":{}}"#, #"{"id":"a","version":"3","inputs":{}}"#),
    ] {
      #expect(throws: fault) { try draw(first, other, third) }
    }
    #expect(try draw(#"{"id":"a","inputs":{}}"#, #"{"id":"a","model":"cargo","inputs":{}}"#) == 2)
    // Without an id the record is what tells, and two that are the same are one case.
    #expect(try draw(#"{"inputs":{"x":1}}"#, #"{"inputs":{"x":1}}"#) == 2)
    #expect(try draw(#"{"id":null,"inputs":{"x":1}}"#, #"{"source_id":null,"id":null,"inputs":{"x":2}}"#) == 2)
  }
}
