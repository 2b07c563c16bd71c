public import Alibi
public import Domain
public import OpenInference
public import Transport

/// Why the service gave no answer, or none that can be used.
public struct DeploymentError: Error, Hashable, Sendable {
  public var operation: Operation
  public var reason: Reason
  /// What was sent and what came back; nil when nothing was sent.
  public var exchange: Exchange?

  /// What was asked of the service.
  public enum Operation: Hashable, Sendable {
    case connect
    /// A query to a Prometheus.
    case metrics
    case serverMetadata, list
    case metadata(ModelID)
    case ready(ModelID)
    case load(RawText)
    case unload(RawText)
    case infer(ModelID)
    /// An inference whose answer comes in pieces.
    case stream(ModelID)
    case explain(ModelID)
    case drift(ModelID)
    case outlier(ModelID)
    /// A list of Seldon's scheduler.
    case scheduler(ControlList)
    /// A list of the Kubernetes API; the namespace is empty where all were asked for.
    case kubernetes(ControlList, namespace: RawText)
  }

  public enum Reason: Hashable, Sendable {
    case transport(TransportError)
    /// Any status but success, with the service's words.
    case status(Int, message: RawText)
    /// The request does not fit the signature; nothing was sent.
    case invalid([RequestProblem])
    /// The request cannot be written, for example FP16 to a service that takes JSON only; nothing was sent.
    case unsendable(OpenInferenceError)
    /// A whole number that would arrive as another one; nothing was sent.
    case lossy(input: RawText, value: String)
    /// The answer is none of the protocol.
    case unreadable(OpenInferenceError)
    /// The answer is no explanation, drift or outlier answer.
    case unexpected(AlibiError)
    /// So many rows came back for so many that were sent.
    case rowCount(Int, expected: Int)
    /// Records of different tensors cannot travel in one request.
    case mixedRecords
    case noRecords
    /// The detector gathers more rows before it answers.
    case gathering
    /// A Prometheus refused a query, or what answers is none.
    case query(PrometheusError)
    /// A streamed answer ended early; the pieces that came are what is known of it.
    case interrupted(pieces: Int, by: Interruption)
    /// What answers is nothing that is known.
    case unrecognized(Stranger)
    /// A gRPC call that failed though HTTP was well.
    case call(GRPCFailure)
    /// The Kubernetes API's own refusal.
    case refused(KubernetesStatus)
  }

  /// Why a streamed answer has no end.
  public enum Interruption: Error, Hashable, Sendable {
    case transport(TransportError)
    /// The model or its server failed after the answer had begun with 200, and said so in the stream.
    case failed(RawText)
    case unreadable(OpenInferenceError)
    /// An event began, and the connection ended well before the event did.
    case unfinished
  }

  /// What answers in place of a service, as far as it shows.
  public enum Stranger: Hashable, Sendable {
    /// A port for gRPC.
    case grpc
    /// A port that has metrics only.
    case metrics
    /// What limits requests and did not say what it is; `seconds` until it takes one again, where it says so.
    case busy(seconds: Int?)
    case other
  }

  /// One request and its answer, for whoever wants to see them.
  public struct Exchange: Hashable, Sendable {
    public var method: String
    /// The path on the service.
    public var path: String
    public var requestID: String
    /// Nil where no answer came.
    public var status: Int?
    public var contentType: String
    public var size: Int
    /// The beginning of the answer's body, verbatim and foreign; kept where it was no success.
    public var body: RawText
    public var milliseconds: Double?
    /// How many seconds the service asked to be left alone, by `Retry-After`.
    public var retryAfter: Double?

    public init(
      method: String, path: String, requestID: String = "", status: Int? = nil, contentType: String = "",
      size: Int = 0, body: RawText = "", milliseconds: Double? = nil
    ) {
      self.method = method
      self.path = path
      self.requestID = requestID
      self.status = status
      self.contentType = contentType
      self.size = size
      self.body = body
      self.milliseconds = milliseconds
    }
  }

  public init(_ operation: Operation, _ reason: Reason, exchange: Exchange? = nil) {
    self.operation = operation
    self.reason = reason
    self.exchange = exchange
  }

  /// Whether the caller itself gave up.
  public var isCancellation: Bool { transportError == .cancelled }

  private var transportError: TransportError? {
    switch reason {
    case .transport(let error), .interrupted(_, .transport(let error)): error
    default: nil
    }
  }

  /// Whether it is not known who answers: what is there has no certificate that is trusted.
  public var isUntrusted: Bool {
    switch transportError {
    case .tlsFailed, .tlsUntrusted: true
    default: false
    }
  }

  /// Whether the service could not be reached or was lost, so that what is known of it is stale.
  public var isUnreachable: Bool {
    guard let transportError else { return false }
    switch transportError {
    case .cannotResolve, .refused, .unreachable, .timedOut, .connectionLost, .tlsFailed, .tlsUntrusted: return true
    default: return false
    }
  }
}
