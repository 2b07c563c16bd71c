public import Domain
public import OpenInference

/// How a service is talked to.
public struct InferenceOptions: Sendable {
  /// What speaks there, as far as it is known.
  public var kind = ServiceKind.openInference
  /// What completes or corrects the service's metadata, and what is published of it.
  public var catalogue = Catalogue()
  /// For metadata, lists and states.
  public var listingDeadline = Duration.seconds(10)
  public var inferenceDeadline = Duration.seconds(60)
  /// Black-box explainers take seconds.
  public var explanationDeadline = Duration.seconds(300)
  public var loadDeadline = Duration.seconds(120)
  /// The most bytes of an answer, after unpacking; nil is the transport's own limit of 256 MiB.
  public var answerLimit: Int?
  /// The longest silence between two bytes of a streamed answer, and the longest time from an event's first byte to
  /// its last: the head of the answer has the deadline of an inference.
  public var streamStall = Duration.seconds(60)
  /// The most bytes of a streamed answer, and of one event in it.
  public var streamLimit = 256 << 20
  public var eventLimit = 16 << 20
  /// Rows of one request of a batch.
  public var rowsPerRequest = 256
  /// Requests of one batch in flight at a time.
  public var requestsInFlight = 4
  /// From so many elements on, tensors travel as binary data where the service takes it.
  public var binaryFrom = 512
  public var limits = ScanLimits.standard

  public init(kind: ServiceKind = .openInference) { self.kind = kind }
}
