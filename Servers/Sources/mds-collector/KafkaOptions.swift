internal import ArgumentParser
internal import Collector
internal import Foundation

/// Where events are sent on to.
struct KafkaOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Send every good event on to these Kafka brokers, at least once each.", valueName: "host:port,…"))
  var kafka: String?

  @Option(help: "The topic; its messages have the event's id as their key.")
  var kafkaTopic: String?

  @Option(
    help: ArgumentHelp(
      "librdkafka's properties, name=value a line: TLS, SASL and the like. A file for its owner alone.",
      valueName: "file"))
  var kafkaProperties: String?

  func validate() throws {
    guard (kafka == nil) == (kafkaTopic == nil), kafka != nil || kafkaProperties == nil else {
      throw ValidationError("--kafka and --kafka-topic go together; --kafka-properties goes with them")
    }
  }

  /// nil where nothing is to be sent.
  func settings() throws -> KafkaSettings? {
    guard let kafka, let kafkaTopic else { return nil }
    // A password may stand in it.
    let bytes = try kafkaProperties.map { try OwnersFile.read($0) } ?? []
    let text = String(decoding: bytes, as: UTF8.self)
    return try KafkaSettings(brokers: kafka, topic: kafkaTopic, properties: text)
  }
}
