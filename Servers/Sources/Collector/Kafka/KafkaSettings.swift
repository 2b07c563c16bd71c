/// Where the log is sent on to, and how.
public struct KafkaSettings: Hashable, Sendable {
  /// Properties that the promise rests on: each event at least once, for as long as it takes.
  static let promised = ["enable.idempotence": "true", "acks": "all", "message.timeout.ms": "0"]
  /// Other names of these, and what would make other promises.
  private static let reserved: Set<String> = [
    "request.required.acks", "delivery.timeout.ms", "transactional.id", "bootstrap.servers", "metadata.broker.list",
    "enable.gapless.guarantee",
  ]

  public let topic: String
  /// librdkafka's properties, in the order in which they are set.
  let properties: [Property]

  struct Property: Hashable, Sendable {
    var name: String
    var value: String
  }

  /// Brokers as `host:port,host:port`; `text` is a properties file's, for TLS, SASL and whatever else librdkafka knows.
  public init(brokers: String, topic: String, properties text: String = "") throws(KafkaFailure) {
    guard !brokers.isEmpty, !topic.isEmpty else { throw KafkaFailure("brokers and a topic have names") }
    self.topic = topic
    var properties = [
      Property(name: "log_level", value: "2"), Property(name: "client.id", value: "mds-collector"),
    ]
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      guard let property = try KafkaSettings.property(line, number + 1) else { continue }
      properties.append(property)
    }
    properties.append(Property(name: "bootstrap.servers", value: brokers))
    properties += KafkaSettings.promised.sorted { $0.key < $1.key }.map { Property(name: $0.key, value: $0.value) }
    self.properties = properties
  }

  /// `name=value`; nil for an empty line and a comment.
  private static func property(_ line: Substring, _ number: Int) throws(KafkaFailure) -> Property? {
    let line = trimmed(line)
    guard let first = line.first, first != "#", first != "!" else { return nil }
    guard let equals = line.firstIndex(of: "=") else { throw KafkaFailure("line \(number): name=value is expected") }
    let name = String(trimmed(line[..<equals]))
    // With brokers of librdkafka's own making every event would be confirmed, and none sent.
    guard !reserved.contains(name), promised[name] == nil, !name.hasPrefix("test.") else {
      throw KafkaFailure("line \(number): \(name) is the collector's own to set")
    }
    return Property(name: name, value: String(trimmed(line[line.index(after: equals)...])))
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0.isWhitespace }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}

/// Why events are not sent on, in words.
public struct KafkaFailure: Error, Hashable, Sendable, CustomStringConvertible {
  public var description: String

  /// What waits is not what the log says any more.
  static let outdated = KafkaFailure("the log says otherwise by now")

  init(_ description: String) { self.description = description }
}
