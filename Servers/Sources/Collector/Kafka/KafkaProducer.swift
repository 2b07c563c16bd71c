internal import CKafka
internal import Glibc

/// An idempotent producer for one topic. Its calls block.
///
/// `@unchecked Sendable` is sound: librdkafka's handles may be used by any thread, and nothing here changes.
final class KafkaProducer: @unchecked Sendable {
  private let raw: OpaquePointer
  private let topic: OpaquePointer
  private let queue: OpaquePointer

  init(_ settings: KafkaSettings) throws(KafkaFailure) {
    guard let configuration = rd_kafka_conf_new() else { throw KafkaFailure("no memory") }
    var message = [CChar](repeating: 0, count: 512)
    for property in settings.properties
    where rd_kafka_conf_set(configuration, property.name, property.value, &message, message.count)
      != RD_KAFKA_CONF_OK
    {
      rd_kafka_conf_destroy(configuration)
      // librdkafka's words may hold the value, and that may be a password.
      throw KafkaFailure("\(property.name) is no property of librdkafka, or has another form")
    }
    rd_kafka_conf_set_events(configuration, RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR)
    // The configuration is the producer's from here on, unless there is none.
    guard let raw = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, &message, message.count) else {
      rd_kafka_conf_destroy(configuration)
      throw KafkaFailure(KafkaProducer.plain(message))
    }
    guard let topic = rd_kafka_topic_new(raw, settings.topic, nil), let queue = rd_kafka_queue_get_main(raw) else {
      rd_kafka_destroy(raw)
      throw KafkaFailure("\(settings.topic) is no name of a topic")
    }
    (self.raw, self.topic, self.queue) = (raw, topic, queue)
  }

  deinit {
    // What is still under way is sent again by the next producer: nobody waits for it here.
    rd_kafka_purge(raw, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
    rd_kafka_queue_destroy(queue)
    rd_kafka_topic_destroy(topic)
    rd_kafka_destroy(raw)
  }

  /// Sends messages in order; returns when the brokers have confirmed each of them. `complain` hears why that takes its
  /// time; once `isOver` says so, it is given up, and with `outdated` where `isOutdated` says so while nothing is confirmed.
  func send(
    _ messages: [KafkaMessage], isOver: () -> Bool, isOutdated: () -> Bool, complain: (KafkaFailure) -> Void
  ) throws(KafkaFailure) {
    var waiting = 0
    for message in messages {
      while true {
        let code = enqueue(message)
        if code == RD_KAFKA_RESP_ERR_NO_ERROR { break }
        guard code == RD_KAFKA_RESP_ERR__QUEUE_FULL else { throw KafkaProducer.failure(code) }
        waiting -= try confirmations(isOver, isOutdated, complain)
      }
      waiting += 1
    }
    while waiting > 0 { waiting -= try confirmations(isOver, isOutdated, complain) }
  }

  /// How many messages were confirmed within a tenth of a second.
  private func confirmations(
    _ isOver: () -> Bool, _ isOutdated: () -> Bool, _ complain: (KafkaFailure) -> Void
  ) throws(KafkaFailure) -> Int {
    guard !isOver() else { throw KafkaFailure("stopped") }
    let count = try confirmations(complain)
    guard count > 0 || !isOutdated() else { throw .outdated }
    return count
  }

  private func enqueue(_ message: KafkaMessage) -> rd_kafka_resp_err_t {
    let headers = rd_kafka_headers_new(message.headers.count)
    for header in message.headers {
      _ = header.value.withCString { rd_kafka_header_add(headers, header.name, -1, $0, strlen($0)) }
    }
    var parts = [rd_kafka_vu_t](repeating: rd_kafka_vu_t(), count: 5)
    parts[0].vtype = RD_KAFKA_VTYPE_RKT
    parts[0].u.rkt = topic
    parts[1].vtype = RD_KAFKA_VTYPE_MSGFLAGS
    parts[1].u.i = RD_KAFKA_MSG_F_COPY
    parts[2].vtype = RD_KAFKA_VTYPE_HEADERS
    parts[2].u.headers = headers
    parts[3].vtype = RD_KAFKA_VTYPE_KEY
    parts[4].vtype = RD_KAFKA_VTYPE_VALUE
    let error = message.key.withUnsafeBytes { key in
      message.value.withUnsafeBytes { value in
        parts[3].u.mem = .init(ptr: UnsafeMutableRawPointer(mutating: key.baseAddress), size: key.count)
        parts[4].u.mem = .init(ptr: UnsafeMutableRawPointer(mutating: value.baseAddress), size: value.count)
        return rd_kafka_produceva(raw, &parts, parts.count)
      }
    }
    guard let error else { return RD_KAFKA_RESP_ERR_NO_ERROR }
    defer { rd_kafka_error_destroy(error) }
    // What was not taken is not freed either.
    rd_kafka_headers_destroy(headers)
    return rd_kafka_error_code(error)
  }

  private func confirmations(_ complain: (KafkaFailure) -> Void) throws(KafkaFailure) -> Int {
    guard let event = rd_kafka_queue_poll(queue, 100) else { return 0 }
    defer { rd_kafka_event_destroy(event) }
    switch rd_kafka_event_type(event) {
    case RD_KAFKA_EVENT_DR:
      var count = 0
      while let message = rd_kafka_event_message_next(event) {
        guard message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
          throw KafkaProducer.failure(message.pointee.err)
        }
        count += 1
      }
      return count
    case RD_KAFKA_EVENT_ERROR:
      let failure = KafkaFailure(KafkaProducer.plain(rd_kafka_event_error_string(event)))
      // A producer that has had such an error does nothing more.
      guard rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR__FATAL else { throw failure }
      complain(failure)
      return 0
    default: return 0
    }
  }

  private static func failure(_ code: rd_kafka_resp_err_t) -> KafkaFailure {
    KafkaFailure(plain(rd_kafka_err2str(code)))
  }

  /// A broker's words as one line.
  private static func plain(_ text: UnsafePointer<CChar>?) -> String {
    guard let text else { return "" }
    return String(cString: text).split { $0.isNewline || $0.unicodeScalars.contains { $0.value < 0x20 } }
      .joined(separator: " ")
  }
}
