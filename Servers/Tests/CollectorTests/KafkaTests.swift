internal import CKafka
internal import Domain
internal import Feedback
internal import Foundation
internal import Glibc
internal import Hummingbird
internal import InProcess
internal import SyncProtocol
internal import Testing

@testable import Collector

@Suite("A collector that sends on to Kafka") struct KafkaTests {
  /// Serves and sends on for as long as the body runs.
  private func serve(
    _ bench: Bench, to brokers: KafkaBrokers, _ body: (Caller) async throws -> Void
  ) async throws {
    let collector = try Collector(
      bench.database, kafka: try KafkaSettings(brokers: brokers.address, topic: "events", properties: "linger.ms=1"))
    let sending = Task { await collector.sendOn() }
    let client = InProcessClient(collector.router().buildResponder())
    do {
      try await body(Caller(client: client, token: try bench.token("ana")))
    } catch {
      sending.cancel()
      await sending.value
      throw error
    }
    sending.cancel()
    await sending.value
  }

  private func figure(_ name: String, _ caller: Caller) async throws -> Int? {
    let text = String(decoding: try await caller.get("/metrics").body, as: UTF8.self)
    return text.split(separator: "\n").first { $0.hasPrefix(name + " ") }.flatMap { Int($0.dropFirst(name.count + 1)) }
  }

  private func key(_ event: OfferedEvent) -> String { Hexadecimal.text(of: event.eventID.bytes) }

  /// The first time that each key is met, in order.
  private func first(_ messages: [KafkaBrokers.Message]) -> [KafkaBrokers.Message] {
    var seen: Set<String> = []
    return messages.filter { seen.insert($0.key).inserted }
  }

  @Test(
    "sends each good event once, as it is, in the order of the log; what was set aside stays", arguments: Kept.allCases)
  func whole(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let brokers = try KafkaBrokers()
    let good = Stub.chain(700, in: .numbered(1))
    let foreign = Stub.chain(1, in: .numbered(1), after: good[699], from: 9000, analyst: "bob")
    try await serve(bench, to: brokers) { caller in
      _ = try await caller.open(.numbered(1))
      _ = try await caller.push(Array(good[..<400]))
      _ = try await caller.push(Array(good[400...]), base: good[399].position)
      #expect(try await caller.verdicts(foreign, base: good[699].position) == ["quarantined"])
      // The last row is one that is not sent: the cursor passes it all the same.
      while try await figure("mds_collector_kafka_lag_rows", caller) != 0 {}
      #expect(try await figure("mds_collector_kafka_sent_total", caller) == 700)
      #expect(try await figure("mds_collector_kafka_up", caller) == 1)
    }
    let messages = try brokers.messages(keys: 700)
    #expect(messages.map(\.key) == good.map(key))
    #expect(messages.map(\.value) == good.map(\.body))
    let headers = try #require(messages.last?.headers)
    #expect(headers["lsn"] == "700" && headers["epoch"] == "1" && headers["seq"] == "700")
    #expect(headers["stream"] == StreamID.numbered(1).hex && headers["analyst"] == "ana")
    #expect(headers["received_at"].flatMap { Timestamp($0) } != nil)
  }

  @Test("brokers that refuse, lose their leader or go away for a while get each event")
  func errors() async throws {
    let bench = try Bench()
    let brokers = try KafkaBrokers(3)
    let events = Stub.chain(600, in: .numbered(1))
    try await serve(bench, to: brokers) { caller in
      _ = try await caller.open(.numbered(1))
      for (round, errors) in [
        [RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT],
        [RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND],
        [RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED], [RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE], [], [],
      ].enumerated() {
        brokers.refuse(errors)
        if round == 4 { brokers.setDown(true, 3) }
        let base = round == 0 ? Position.empty : events[round * 100 - 1].position
        _ = try await caller.push(Array(events[(round * 100)..<(round * 100 + 100)]), base: base)
        if round == 4 {
          while try await figure("mds_collector_kafka_up", caller) != 0 {}
          #expect(try await figure("mds_collector_kafka_lag_rows", caller) == 100)
          brokers.setDown(false, 3)
        }
        while try await figure("mds_collector_kafka_lag_rows", caller) != 0 {}
      }
      // What no repetition by librdkafka mends is begun anew from the cursor.
      #expect(try await figure("mds_collector_kafka_failures_total", caller) ?? 0 >= 2)
      #expect(try await figure("mds_collector_kafka_up", caller) == 1)
    }
    let messages = try brokers.messages(keys: 600, partitions: 3)
    #expect(Set(messages.map(\.key)) == Set(events.map(key)))
  }

  @Test("goes on where the brokers' confirmation had come when another starts, and anew for another topic")
  func goesOn() async throws {
    let bench = try Bench()
    let brokers = try KafkaBrokers()
    let events = Stub.chain(20, in: .numbered(1))
    try await serve(bench, to: brokers) { caller in
      _ = try await caller.open(.numbered(1))
      _ = try await caller.push(Array(events[..<10]))
      while try await figure("mds_collector_kafka_lag_rows", caller) != 0 {}
    }
    try bench.database.close()
    try bench.reopen()
    try await serve(bench, to: brokers) { caller in
      _ = try await caller.push(Array(events[10...]), base: events[9].position)
      while try await figure("mds_collector_kafka_lag_rows", caller) != 0 {}
    }
    #expect(try brokers.messages(keys: 20).map(\.key) == events.map(key))
    #expect(try await SinkCursor(database: bench.database, name: "kafka:other").place().number == 0)
    // Whoever is behind does not put the cursor back.
    let cursor = SinkCursor(database: bench.database, name: "kafka:events")
    try await cursor.move(from: LogCursor(epoch: 1, number: 5), to: 6)
    #expect(try await cursor.place().number == 20)
  }

  @Test(
    "sends nothing that was taken out while the brokers were away, and all that counts since", arguments: Kept.allCases)
  func changedMeanwhile(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let brokers = try KafkaBrokers()
    let stream = StreamID.numbered(1)
    let good = Stub.chain(1, in: stream)
    let released = Stub.chain(1, in: stream, after: good[0], from: 2, analyst: "carl")
    let secret = Stub.chain(1, in: stream, after: released[0], from: 3)
    try await serve(bench, to: brokers) { caller in
      _ = try await caller.open(stream)
      brokers.setDown(true)
      #expect(try await caller.verdicts(good + released + secret, on: stream) == ["stored", "quarantined", "stored"])
      while try await figure("mds_collector_kafka_up", caller) != 0 {}
      #expect(try Redaction(bench.database).run(.event(secret[0].eventID), reason: "a name") == 1)
      _ = try TokenBook(bench.database).create(
        analyst: "ana", device: "other", scopes: [.write], formerNames: ["carl"])
      // What waited is given up before anybody could take it.
      while try await figure("mds_collector_kafka_failures_total", caller) == 0 {}
      brokers.setDown(false)
      while try await figure("mds_collector_kafka_lag_rows", caller) != 0 {}
    }
    let messages = try brokers.messages(keys: 2)
    #expect(Set(messages.map(\.key)) == Set([good[0], released[0]].map(key)))
  }

  @Test("does not pass over what counts since the page was read") func released() async throws {
    let bench = try Bench()
    let cursor = SinkCursor(database: bench.database, name: "kafka:events")
    let place = try await cursor.place()
    try bench.database.writeNow { db in try Epochs.advance(db, goingBackTo: 0) }
    try await cursor.move(from: place, to: 1)
    #expect(try await cursor.place().number == 0)
    try await cursor.move(from: cursor.place(), to: 1)
    #expect(try await cursor.place().number == 1)
  }

  @Test(
    "killed at any moment, it has sent each event on at least once after the next starts, in the order of the log",
    arguments: Kept.allCases)
  func killed(_ kept: Kept) throws {
    let brokers = try KafkaBrokers()
    let site = try Site(["--kafka", brokers.address, "--kafka-topic", "events"], kept)
    let token = try site.token()
    var stream = DeviceStream(1, analyst: "ana")
    try site.open(stream.id, token)
    for round in 0..<6 {
      for number in 0..<100 { try stream.judge(.of([UInt8(round), UInt8(number)]), .agree) }
      let exchange = try site.begin(pushing: stream, after: try site.head(of: stream.id, token), token)
      if round % 2 == 1 { _ = exchange.answer() }
      if round % 3 == 2 { _ = try brokers.messages(keys: 100 * round) }
      site.server.kill()
      if round == 3 { brokers.refuse([RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND]) }
      try site.restart()
    }
    _ = try #require(try site.begin(pushing: stream, after: try site.head(of: stream.id, token), token).answer())
    let messages = try brokers.messages(keys: stream.events.count)
    #expect(first(messages).map(\.key) == stream.offered.map(key))
    #expect(first(messages).map(\.value) == stream.offered.map(\.body))
    #expect(site.server.stop() == 0)
  }

  @Test("options that do not go together, and properties that are none, end it with a reason") func options() throws {
    let folder = try Bench()
    try "acks=0\n".write(toFile: folder.path("k.properties"), atomically: false, encoding: .utf8)
    chmod(folder.path("k.properties"), 0o644)
    let serve = ["serve", "--database", folder.path("d.db")]
    let lonely = try Program.run(serve + ["--kafka", "localhost:9092"])
    #expect(lonely.status == 64 && lonely.errors.contains("--kafka and --kafka-topic go together"))
    let open = try Program.run(
      serve + ["--kafka", "localhost:9092", "--kafka-topic", "t", "--kafka-properties", folder.path("k.properties")])
    #expect(open.status == 1 && open.errors.contains("k.properties can be read by others: chmod 600 it"), "\(open)")
    chmod(folder.path("k.properties"), 0o600)
    let wrong = try Program.run(
      serve + ["--kafka", "localhost:9092", "--kafka-topic", "t", "--kafka-properties", folder.path("k.properties")])
    #expect(wrong.status == 1 && wrong.errors.contains("line 1: acks is the collector's own to set"))
    try "ssl.ca.location=/no/such/file\nsecurity.protocol=SSL\n".write(
      toFile: folder.path("k.properties"), atomically: false, encoding: .utf8)
    let nowhere = try Program.run(
      serve + ["--kafka", "localhost:9092", "--kafka-topic", "t", "--kafka-properties", folder.path("k.properties")])
    #expect(nowhere.status == 1 && nowhere.errors.contains("ssl.ca.location"))
  }

  @Test("a properties file sets what librdkafka knows, and nothing that the promises rest on") func properties() throws
  {
    let settings = try KafkaSettings(
      brokers: "b:1", topic: "t", properties: "# TLS\n security.protocol = SSL\n\nssl.ca.location=/ca.pem\r\n")
    let names = settings.properties.map { "\($0.name)=\($0.value)" }
    #expect(names.contains("security.protocol=SSL") && names.contains("ssl.ca.location=/ca.pem"))
    #expect(names.contains("enable.idempotence=true") && names.contains("acks=all"))
    #expect(names.contains("message.timeout.ms=0"))
    for (text, reason) in [
      ("acks=1", "line 1: acks is the collector's own to set"),
      ("test.mock.num.brokers = 1", "line 1: test.mock.num.brokers is the collector's own to set"),
      ("\nenable.idempotence=false", "line 2: enable.idempotence is the collector's own to set"),
      ("nonsense", "line 1: name=value is expected"),
    ] {
      #expect(throws: KafkaFailure(reason)) { try KafkaSettings(brokers: "b:1", topic: "t", properties: text) }
    }
    // A value may be a password: it is not said.
    let secret = try KafkaSettings(brokers: "b:1", topic: "t", properties: "sasl.pasword=hunter2")
    #expect(throws: KafkaFailure("sasl.pasword is no property of librdkafka, or has another form")) {
      try KafkaProducer(secret)
    }
  }
}
