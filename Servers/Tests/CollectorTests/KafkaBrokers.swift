internal import CKafka
internal import Foundation
internal import Testing

@testable import Collector

/// The brokers that librdkafka brings for tests: real sockets and Kafka's protocol, in this process, one topic with one
/// partition for each of them.
final class KafkaBrokers {
  private let owner: OpaquePointer
  private let cluster: OpaquePointer
  let address: String

  init(_ count: Int32 = 1, topic: String = "events") throws {
    owner = try KafkaBrokers.client(RD_KAFKA_PRODUCER, [:])
    cluster = try #require(rd_kafka_mock_cluster_new(owner, count))
    address = String(cString: try #require(rd_kafka_mock_cluster_bootstraps(cluster)))
    try #require(rd_kafka_mock_topic_create(cluster, topic, count, count) == RD_KAFKA_RESP_ERR_NO_ERROR)
  }

  deinit {
    rd_kafka_mock_cluster_destroy(cluster)
    rd_kafka_destroy(owner)
  }

  fileprivate static func client(_ kind: rd_kafka_type_t, _ properties: [String: String]) throws -> OpaquePointer {
    let configuration = rd_kafka_conf_new()
    var message = [CChar](repeating: 0, count: 512)
    for (name, value) in properties.merging(["log_level": "0"], uniquingKeysWith: { first, _ in first }) {
      try #require(
        rd_kafka_conf_set(configuration, name, value, &message, message.count) == RD_KAFKA_CONF_OK, "\(name)")
    }
    return try #require(rd_kafka_new(kind, configuration, &message, message.count))
  }

  /// Answers the next requests to take messages in with these errors.
  func refuse(_ errors: [rd_kafka_resp_err_t]) {
    var errors = errors
    rd_kafka_mock_push_request_errors_array(cluster, 0, errors.count, &errors)
  }

  /// Takes every broker away, or back.
  func setDown(_ isDown: Bool, _ count: Int32 = 1) {
    for broker in 1...count {
      if isDown { rd_kafka_mock_broker_set_down(cluster, broker) } else { rd_kafka_mock_broker_set_up(cluster, broker) }
    }
  }

  struct Message: Equatable {
    var partition: Int32
    var key: String
    var value: [UInt8]
    var headers: [String: String]
  }

  /// Everything in the topic, partition by partition, in order; waits until there are this many different keys, or
  /// nothing has come for half a minute.
  func messages(keys: Int, partitions: Int32 = 1, topic: String = "events") throws -> [Message] {
    let consumer = try KafkaBrokers.client(
      RD_KAFKA_CONSUMER, ["bootstrap.servers": address, "group.id": "test", "enable.auto.commit": "false"])
    defer { rd_kafka_destroy(consumer) }
    rd_kafka_poll_set_consumer(consumer)
    let places = rd_kafka_topic_partition_list_new(partitions)
    defer { rd_kafka_topic_partition_list_destroy(places) }
    for partition in 0..<partitions { rd_kafka_topic_partition_list_add(places, topic, partition).pointee.offset = 0 }
    try #require(rd_kafka_assign(consumer, places) == RD_KAFKA_RESP_ERR_NO_ERROR)
    var (messages, seen) = ([Message](), Set<String>())
    var empty = 0
    while true {
      guard let message = rd_kafka_consumer_poll(consumer, 500) else {
        empty += 1
        // Past the last that is waited for, whatever came twice has been read too.
        if seen.count >= keys || empty == 60 { return messages }
        continue
      }
      empty = 0
      defer { rd_kafka_message_destroy(message) }
      guard message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else { continue }
      let read = KafkaBrokers.read(message)
      messages.append(read)
      seen.insert(read.key)
    }
  }

  private static func read(_ message: UnsafeMutablePointer<rd_kafka_message_t>) -> Message {
    var headers: [String: String] = [:]
    var list: OpaquePointer?
    if rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR {
      var (index, name, value, size) = (0, UnsafePointer<CChar>?.none, UnsafeRawPointer?.none, 0)
      while rd_kafka_header_get_all(list, index, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR {
        if let name {
          headers[String(cString: name)] = String(
            decoding: UnsafeRawBufferPointer(start: value, count: size), as: UTF8.self)
        }
        index += 1
      }
    }
    let read = message.pointee
    return Message(
      partition: read.partition,
      key: String(decoding: UnsafeRawBufferPointer(start: read.key, count: read.key_len), as: UTF8.self),
      value: Array(UnsafeRawBufferPointer(start: read.payload, count: read.len)), headers: headers)
  }
}
